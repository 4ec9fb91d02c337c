import { beginsToGrow, doubtAbout, furthestFall, hasSlowed, looksSlowing } from './lasting.js';
import { checkReadings, type Reading } from './reading.js';
import type { Reason } from './reason.js';
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

  // Growth up to a declared bound is expected, so the judged series begins when the last container is full.
  const judged = readings.slice(readings.findLastIndex((reading) => reading.filling) + 1);
  const say = (reason: Reason, by: readonly Reading[], trend: Trend | null) =>
    verdictOf(reason, by, trend, smallest, unit);
  if (judged.length === 0 && readings.length > 0) return say({ code: 'filling' }, readings, null);
  if (judged.length < FEWEST_READINGS) return say({ code: 'too-few-readings' }, judged, null);

  const points = pointsOf(judged);
  const { start, trend } = judgedWindow(points);
  const window = { xs: points.xs.subarray(start), ys: points.ys.subarray(start) };
  const grownBefore = window.ys[0]! - points.ys[0]!;
  const found = reasonOf(window, trend, grownBefore, furthestFall(points), smallest);
  const reason: Reason =
    found.code === 'steady-growth' && hasSlowed(points, start) ? { code: 'slowing' } : found;
  return say(reason, judged.slice(start), trend);
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
    return looksSlowing(window, grownBefore, smallestLeakBytes)
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

/** One minus the chance that noise alone carries the slope this far past the smallest leak, in any of the looks. */
function confidenceOf(trend: Trend, smallest: number): number {
  // Readings on an exact line have no error; any number stands for "far beyond it".
  const t = Math.abs(trend.slope - smallest) / Math.max(trend.standardError, Number.MIN_VALUE);
  if (!Number.isFinite(t)) return 1;
  return 1 - LOOKS * normalTail(normalFromT(t, trend.degreesOfFreedom));
}
