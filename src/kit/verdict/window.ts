import { type Points, type Trend, trendOf } from './trend.js';

/**
 * The fewest readings judged: two halves of five, so that each half can show a trend of its own. Below that the
 * carry-over of the noise is a guess, and early looks are where most wrong verdicts came from in simulation.
 */
export const FEWEST_READINGS = 10;

/** Starts that are tried: more of them gain little, and each costs a fit. */
const STARTS = 5;

/** A shorter window has to be better by this much: some stretch of any noise is calm by chance. */
const CLEARLY = 0.8;

export interface Window {
  /** Index of the first reading that is judged; all later ones are. */
  start: number;
  trend: Trend;
}

/**
 * The part that is judged: of all ends of the series that hold at least half of it, the longest whose slope is known
 * as well as in any.
 *
 *   bytes │          . · ' ` · . '
 *         │      · '└──── start here: narrowest interval
 *         │    /  └─ too early: the warm-up bends the line, what it bends counts as noise, the interval is wide
 *         │  /                 └─ too late: readings thrown away, the interval is wide again
 *         └─────────────────────── work
 *
 * So warm-up, a fill and what came before a step leave by themselves once as much has been seen after them as before.
 * The choice looks at the width of the interval only, never at where it lies: it does not favour either verdict.
 *
 * @param points at least `FEWEST_READINGS`
 */
export function judgedWindow({ xs, ys }: Points): Window {
  const latest = Math.min(xs.length >> 1, xs.length - FEWEST_READINGS);
  const stride = Math.max(1, Math.ceil(latest / STARTS));
  const from = (start: number): Window => ({
    start,
    trend: trendOf({ xs: xs.subarray(start), ys: ys.subarray(start) }),
  });
  let best = from(latest % stride);
  for (let start = (latest % stride) + stride; start <= latest; start += stride) {
    const candidate = from(start);
    if (candidate.trend.margin < CLEARLY * best.trend.margin) best = candidate;
  }
  return best;
}
