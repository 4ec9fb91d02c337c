import { beginsToGrow, doubtAbout, furthestFall, hasSlowed, looksSlowing } from './lasting.js';
import { checkReadings, type Reading } from './reading.js';
import { type Finding, reasonFor } from './reason.js';
import { normalFromT, normalTail } from './student.js';
import { LOOKS, type Points, pointsOf, type Trend } from './trend.js';
import type { JudgeOptions, Unit, Verdict, VerdictKind } from './verdict.js';
import { FEWEST_READINGS, judgedWindow } from './window.js';

/**
 * An entry of a Map alone takes some 30 bytes, so whoever keeps anything for one request in ten keeps more than this;
 * below it lies the drift of V8's own tables, and a heap of 1 GB would last for 500 million requests.
 */
export const SMALLEST_LEAK_BYTES = 2;

/**
 * Whether memory grows with work: readings after a forced collection in, verdict out. May be called after every
 * reading; looking often does not make it err more often than one time in a hundred.
 *
 * @throws RangeError when readings are not finite or not in order of work, or `smallestLeakBytes` is not positive
 */
export function judge(readings: readonly Reading[], options: JudgeOptions = {}): Verdict {
  const { smallestLeakBytes: smallest = SMALLEST_LEAK_BYTES, unit = 'request' } = options;
  if (!(smallest > 0 && Number.isFinite(smallest))) {
    throw new RangeError(
      `smallestLeakBytes is ${smallest}. Pass a positive number of bytes for each ${unit}.`,
    );
  }
  checkReadings(readings);

  // Growth up to a declared bound is no news, so what is judged begins when the last container is full.
  const judged = readings.slice(readings.findLastIndex((reading) => reading.filling) + 1);
  const say = (finding: Finding, by: readonly Reading[], trend: Trend | null) =>
    verdictOf(finding, by, trend, smallest, unit);
  if (judged.length === 0 && readings.length > 0) return say('filling', readings, null);
  if (judged.length < FEWEST_READINGS) return say('too few', judged, null);

  const points = pointsOf(judged);
  const { start, trend } = judgedWindow(points);
  const window = { xs: points.xs.subarray(start), ys: points.ys.subarray(start) };
  const grownBefore = window.ys[0]! - points.ys[0]!;
  const found = findingOf(window, trend, grownBefore, furthestFall(points), smallest);
  const finding = found === 'leak' && hasSlowed(points, start) ? 'slowing' : found;
  return say(finding, judged.slice(start), trend);
}

function findingOf(
  window: Points,
  trend: Trend,
  grownBefore: number,
  fallen: number,
  smallest: number,
): Finding {
  if (trend.slope - trend.margin > smallest)
    return doubtAbout(window, grownBefore, fallen, smallest) ?? 'leak';
  if (trend.slope + trend.margin >= smallest)
    return looksSlowing(window, grownBefore, smallest) ? 'slowing' : 'straddles';
  if (beginsToGrow(window, smallest)) return 'beginning';
  return trend.step > 0 ? 'bounded beside a step' : 'bounded';
}

function kindOf(finding: Finding): VerdictKind {
  if (finding === 'leak') return 'leak';
  return finding === 'bounded' || finding === 'bounded beside a step' ? 'bounded' : 'unsettled';
}

function verdictOf(
  finding: Finding,
  by: readonly Reading[],
  trend: Trend | null,
  smallest: number,
  unit: Unit,
): Verdict {
  const kind = kindOf(finding);
  const seen = {
    bytesPerRequest: trend && {
      estimate: trend.slope,
      low: trend.slope - trend.margin,
      high: trend.slope + trend.margin,
    },
    requests: (by.at(-1)?.work ?? 0) - (by[0]?.work ?? 0),
    rounds: by.length,
  };
  const confidence = trend && kind !== 'unsettled' ? confidenceOf(trend, smallest) : 0;
  return { kind, ...seen, confidence, reason: reasonFor(finding, { ...seen, smallest, unit }) };
}

/** One minus the chance that noise alone carries the slope this far past the smallest leak, in any of the looks. */
function confidenceOf(trend: Trend, smallest: number): number {
  // Readings on an exact line have no error; any number stands for "far beyond it".
  const t = Math.abs(trend.slope - smallest) / Math.max(trend.standardError, Number.MIN_VALUE);
  if (!Number.isFinite(t)) return 1;
  return 1 - LOOKS * normalTail(normalFromT(t, trend.degreesOfFreedom));
}
