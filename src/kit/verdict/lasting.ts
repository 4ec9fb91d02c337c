import { medianOfThree } from './step.js';
import { type Points, straightTrend } from './trend.js';

/** Why growth that is certain may still not be a leak. */
export type Doubt = 'slowing' | 'step' | 'fell';

/**
 * A leak grows in both halves of the window. A cache that fills or a service that warms up grows mostly in the first,
 *
 *     leak  / |     fill  ┌‾ ‾|‾ ‾     step      |┌‾‾
 *         /   |          /    |          ‾ ‾ ‾ ‾ ‾┘
 *
 * and a step is growth at one place: in one half, or between them.
 *
 * Growth whose late half is at most this share of the early one has slowed down.
 */
const SLOWED_SHARE = 1 / 2;
/** Growth that begins late is not doubtful, but an early half below this share of the late one may have none at all. */
const EARLY_SHARE = 1 / 3;
/** A late half of at least this share is steady: the end of a warm-up under a real leak slows it down by as much. */
const STEADY_SHARE = 0.75;
/** Below this number, the latest readings alone show nothing. */
const FEWEST_LATEST_READINGS = 5;
/** Memory that falls by more than this share of its gain is emptied from time to time; leaked memory is never freed. */
const FALL_SHARE = 1 / 2;
/** Each half has half the readings over half the work: the standard error of its slope is 2√2 times that of the whole. */
const HALF_ERROR = 2 * Math.SQRT2;

/**
 * @param window what is judged
 * @param grownBefore bytes gained before it, in warm-up or fill
 * @param fallen the largest fall of memory in bytes, in the window or before it
 * @param smallest bytes per unit of work that count as a leak
 * @returns the reason to doubt that growth lasts, or null
 */
export function doubtAbout(
  window: Points,
  grownBefore: number,
  fallen: number,
  smallest: number,
): Doubt | null {
  const { early, late, error, differenceError, whole } = halvesOf(window);
  if (hasStopped(window, whole.slope)) return 'slowing';
  if (fallen > FALL_SHARE * gainOf(window)) return 'fell';
  // The trend may leave out one jump. A jump downwards can hide growth or, in a sawtooth, feign it, so the straight
  // trend has to grow as well.
  if (whole.slope - whole.margin <= smallest) return 'step';
  // Half a standard error above the smallest leak: a half that is level with it is not growing by itself.
  const floor = smallest + error / 2;
  if (late <= Math.max(floor, SLOWED_SHARE * early)) return 'slowing';
  if (early <= Math.max(floor, EARLY_SHARE * late)) return 'step';
  if (late < STEADY_SHARE * early && early - late > 3 * differenceError) return 'slowing';
  // An exponential tail that is down to a quarter of what came before it has, by the same law, slowed by half
  // within the window. After so large a gain, the late half has to show its growth by two standard errors.
  const lateIsCertain = late - 2 * error >= Math.max(smallest, SLOWED_SHARE * early);
  return whole.slope * spanOf(window) < grownBefore / 4 && !lateIsCertain ? 'slowing' : null;
}

/**
 * Whether growth has slowed by half between the halves of all readings after the first fifth, of which the window is
 * only the end. In a cache of many keys, the popular ones are loaded early and the rare ones late: it fills so slowly
 * at the end that any part of it fits a line.
 */
export function hasSlowed({ xs, ys }: Points, start: number): boolean {
  const warm = Math.ceil(xs.length / 5);
  if (start <= warm) return false;
  const { early, late } = halvesOf({ xs: xs.subarray(warm), ys: ys.subarray(warm) });
  return late <= SLOWED_SHARE * early;
}

/** Whether growth that is not certain yet seems to slow down. It chooses the reason, and never the verdict. */
export function maySlowDown(window: Points, grownBefore: number, smallest: number): boolean {
  const { early, late, whole } = halvesOf(window);
  return whole.slope > smallest && late < STEADY_SHARE * early && whole.slope * spanOf(window) < grownBefore;
}

/**
 * Whether a window that is flat as a whole begins to grow at its end: by 1.5 standard errors. A false alarm only
 * delays a bounded verdict, so the limit is low.
 */
export function beginsToGrow(window: Points, smallest: number): boolean {
  const { late, error } = halvesOf(window);
  return late - 1.5 * error > smallest;
}

/** Whether the latest quarter clearly grows less than half as fast as the whole. */
function hasStopped({ xs, ys }: Points, slope: number): boolean {
  const from = xs.length - Math.floor(xs.length / 4);
  if (xs.length - from < FEWEST_LATEST_READINGS) return false;
  const latest = straightTrend({ xs: xs.subarray(from), ys: ys.subarray(from) });
  return latest.slope + 2 * latest.standardError < SLOWED_SHARE * slope;
}

/** From the first reading to the last. The fitted slope would be wrong here: in a sawtooth it is that of the teeth. */
function gainOf({ ys }: Points): number {
  const smoothed = medianOfThree(ys);
  return smoothed.at(-2)! - smoothed[1]!;
}

/**
 * The largest fall below an earlier level, in bytes. The first quarter of the readings does not count, because memory
 * that a program frees after its start is not allocated again. A single reading, high or low, does not count either.
 */
export function largestFall({ ys }: Points): number {
  let highest = -Infinity;
  let fallen = 0;
  for (const now of medianOfThree(ys).subarray(ys.length >> 2, -1)) {
    highest = Math.max(highest, now);
    fallen = Math.max(fallen, highest - now);
  }
  return fallen;
}

function halvesOf(window: Points) {
  const { xs, ys } = window;
  const middle = xs.length >> 1;
  const whole = straightTrend(window);
  const early = straightTrend({ xs: xs.subarray(0, middle), ys: ys.subarray(0, middle) });
  const late = straightTrend({ xs: xs.subarray(middle), ys: ys.subarray(middle) });
  return {
    whole,
    early: early.slope,
    late: late.slope,
    error: HALF_ERROR * whole.standardError,
    /** Standard error of late − early, by the noise around each half's own line: a bend must not count as noise. */
    differenceError: Math.hypot(early.standardError, late.standardError),
  };
}

function spanOf({ xs }: Points): number {
  return xs[xs.length - 1]! - xs[0]!;
}
