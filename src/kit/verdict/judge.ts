import { beginsToGrow, doubtAbout, hasSlowed, largestFall, maySlowDown } from './lasting.js';
import { checkReadings, type Reading } from './reading.js';
import type { Reason } from './reason.js';
import { normalFromT, normalTail } from './student.js';
import { EFFECTIVE_EVALUATIONS, type Points, pointsOf, type Trend } from './trend.js';
import type { JudgeOptions, Unit, Verdict, VerdictKind } from './verdict.js';
import { FEWEST_READINGS, judgedWindow } from './window.js';

/**
 * Bytes per request. One entry of a Map takes some 30 bytes, so a program that adds one for every tenth request grows
 * faster than this. Slower growth is the drift of V8's own tables, and a heap of 1 GB would last for 500 million
 * requests.
 */
export const SMALLEST_LEAK_BYTES = 2;

/**
 * Whether memory grows with work. It may be called after every reading: that is included in its error rate of at most
 * one verdict in a hundred.
 *
 * @param readings live memory after forced collections, in order of work; fewer than 10 are unsettled
 * @throws RangeError when readings are not finite or not in order of work, or `smallestLeakBytes` is not positive
 */
export function judge(readings: readonly Reading[], options: JudgeOptions = {}): Verdict {
  const { smallestLeakBytes: smallest = SMALLEST_LEAK_BYTES, unit = 'request' } = options;
  if (!(smallest > 0 && Number.isFinite(smallest))) {
    throw new RangeError(`smallestLeakBytes is ${smallest}. Pass a positive number of bytes per ${unit}.`);
  }
  checkReadings(readings);

  // Growth up to a declared bound is expected, so the judged series begins when the last container is full.
  const judged = readings.slice(readings.findLastIndex((reading) => reading.filling) + 1);
  const verdict = (reason: Reason, by: readonly Reading[], trend: Trend | null) =>
    verdictOf(reason, by, trend, smallest, unit);
  if (judged.length === 0 && readings.length > 0) return verdict({ code: 'filling' }, readings, null);
  if (judged.length < FEWEST_READINGS) return verdict({ code: 'too-few-readings' }, judged, null);

  const points = pointsOf(judged);
  const { start, trend } = judgedWindow(points);
  const window = { xs: points.xs.subarray(start), ys: points.ys.subarray(start) };
  // Neither is empty: at least `FEWEST_READINGS` are judged, and the window has at least half of them.
  const grownBefore = window.ys[0]! - points.ys[0]!;
  const found = reasonOf(window, trend, grownBefore, largestFall(points), smallest);
  const reason: Reason =
    found.code === 'steady-growth' && hasSlowed(points, start) ? { code: 'slowing' } : found;
  return verdict(reason, judged.slice(start), trend);
}

function reasonOf(
  window: Points,
  trend: Trend,
  grownBefore: number,
  fallen: number,
  smallestLeakBytes: number,
): Reason {
  if (trend.slope - trend.margin > smallestLeakBytes)
    return { code: doubtAbout(window, grownBefore, fallen, smallestLeakBytes) ?? 'steady-growth' };
  if (trend.slope + trend.margin >= smallestLeakBytes)
    return maySlowDown(window, grownBefore, smallestLeakBytes)
      ? { code: 'slowing' }
      : { code: 'interval-too-wide', smallestLeakBytes };
  if (beginsToGrow(window, smallestLeakBytes)) return { code: 'growth-began' };
  return { code: trend.step > 0 ? 'flat-after-step' : 'flat', smallestLeakBytes };
}

function kindOf({ code }: Reason): VerdictKind {
  if (code === 'steady-growth') return 'leak';
  return code === 'flat' || code === 'flat-after-step' ? 'bounded' : 'unsettled';
}

function verdictOf(
  reason: Reason,
  by: readonly Reading[],
  trend: Trend | null,
  smallest: number,
  unit: Unit,
): Verdict {
  const kind = kindOf(reason);
  return {
    kind,
    unit,
    growthRate: trend && {
      estimate: trend.slope,
      low: trend.slope - trend.margin,
      high: trend.slope + trend.margin,
    },
    confidence: trend && kind !== 'unsettled' ? confidenceOf(trend, smallest) : 0,
    work: (by.at(-1)?.work ?? 0) - (by[0]?.work ?? 0),
    readings: by.length,
    reason,
  };
}

/**
 * One minus the chance that noise alone moves the slope this far past the smallest leak in any of the evaluations
 * (Bonferroni's bound over the effective ones).
 */
function confidenceOf(trend: Trend, smallest: number): number {
  // Readings on an exact line have no error; the smallest positive one keeps t finite or makes it infinite.
  const t = Math.abs(trend.slope - smallest) / Math.max(trend.standardError, Number.MIN_VALUE);
  if (!Number.isFinite(t)) return 1;
  return 1 - EFFECTIVE_EVALUATIONS * normalTail(normalFromT(t, trend.degreesOfFreedom));
}
