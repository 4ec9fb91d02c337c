import { medianOfThree } from './step.js';
import { type Points, straightTrend } from './trend.js';

/** Why growth that is there for certain may still be no leak. */
export type Doubt = 'slowing' | 'step' | 'fell';

/**
 * A leak grows in both halves of the window. A cache that fills or a service that warms up grows mostly in the first,
 *
 *     leak  / |     fill  ┌‾ ‾|‾ ‾     step      |┌‾‾
 *         /   |          /    |          ‾ ‾ ‾ ‾ ‾┘
 *
 * and a step is growth in one place: in one half, or between them.
 */
const SLOWED = 1 / 2;
/** Growth that sets in late is no reason to doubt it, but a half that hardly grew may hold no growth at all. */
const UNEVEN = 1 / 3;
/** Less than this lost is steady enough: the tail of a warm-up under a real leak loses as much. */
const CLEARLY_SLOWER = 0.75;
/** With fewer readings the end of a series says nothing by itself. */
const FEWEST_LATEST = 5;
/** What falls by more than this share of what it gained is emptied now and then: what a leak holds it never lets go. */
const LET_GO = 1 / 2;
/** Each half has half the readings over half the work: its slope is known 2√2 times worse than that of the whole. */
const HALF = 2 * Math.SQRT2;

/**
 * @param window what is judged
 * @param grownBefore bytes gained before it, in warm-up or fill
 * @param fallen bytes that memory once fell by, in the window or before it
 * @param smallest bytes for each unit of work that count as a leak
 * @returns the reason to doubt that growth lasts, or null
 */
export function doubtAbout(
  window: Points,
  grownBefore: number,
  fallen: number,
  smallest: number,
): Doubt | null {
  const { early, late, error, bend, whole } = halvesOf(window);
  if (hasStopped(window, whole.slope)) return 'slowing';
  if (fallen > LET_GO * gainOf(window)) return 'fell';
  // One jump downwards may hide growth or, in a sawtooth, feign it: then the whole must grow as well.
  if (whole.slope - whole.margin <= smallest) return 'step';
  // Half a standard error: a half that is no more than level with the smallest leak is not growing by itself.
  const floor = smallest + error / 2;
  if (late <= Math.max(floor, SLOWED * early)) return 'slowing';
  if (early <= Math.max(floor, UNEVEN * late)) return 'step';
  if (late < CLEARLY_SLOWER * early && early - late > 3 * bend) return 'slowing';
  // An exponential tail that is down to a quarter of what came before it has, by the same law, slowed by half
  // within the window. Behind so large a gain the late half has to prove its growth, to two standard errors.
  const provesItself = late - 2 * error >= Math.max(smallest, SLOWED * early);
  return whole.slope * spanOf(window) < grownBefore / 4 && !provesItself ? 'slowing' : null;
}

/**
 * Whether growth has slowed over more than the window: by half, between the halves of all that follows the first fifth.
 * What many ask for is there early, what few ask for comes late: a cache of all that there is has a tail so long that
 * any stretch of it looks like a line.
 */
export function hasSlowed({ xs, ys }: Points, start: number): boolean {
  const warm = Math.ceil(xs.length / 5);
  if (start <= warm) return false;
  const { early, late } = halvesOf({ xs: xs.subarray(warm), ys: ys.subarray(warm) });
  return late <= SLOWED * early;
}

/** Whether growth that is not certain yet looks like one that dies out: for the words of a reason, not for a verdict. */
export function looksSlowing(window: Points, grownBefore: number, smallest: number): boolean {
  const { early, late, whole } = halvesOf(window);
  return (
    whole.slope > smallest && late < CLEARLY_SLOWER * early && whole.slope * spanOf(window) < grownBefore
  );
}

/** Whether a window that is flat on the whole has begun to grow: at 1.5 standard errors, since asking is free. */
export function beginsToGrow(window: Points, smallest: number): boolean {
  const { late, error } = halvesOf(window);
  return late - 1.5 * error > smallest;
}

/** Whether the latest quarter clearly grows less than half as fast as the whole: what follows a line may leave it. */
function hasStopped({ xs, ys }: Points, slope: number): boolean {
  const from = xs.length - Math.floor(xs.length / 4);
  if (xs.length - from < FEWEST_LATEST) return false;
  const latest = straightTrend({ xs: xs.subarray(from), ys: ys.subarray(from) });
  return latest.slope + 2 * latest.standardError < SLOWED * slope;
}

/** From its beginning to its end: the slope of a sawtooth is that of its teeth. */
function gainOf({ ys }: Points): number {
  const calm = medianOfThree(ys);
  return calm.at(-2)! - calm[1]!;
}

/**
 * The furthest that memory has fallen below where it was. The first quarter of the readings does not count: what a
 * program lets go of after its start it does not take again. Nor does a single reading, high or low.
 */
export function furthestFall({ ys }: Points): number {
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
    error: HALF * whole.standardError,
    /** Error of the difference, by the noise around each half's own line: a bend is no noise when a bend is sought. */
    bend: Math.hypot(early.standardError, late.standardError),
  };
}

function spanOf({ xs }: Points): number {
  return xs[xs.length - 1]! - xs[0]!;
}
