import { type Points, type Trend, trendOf } from './trend.js';

/**
 * The fewest readings judged: two halves of five, so that each half can show a trend of its own. With fewer, the
 * autocorrelation of the noise is a guess, and most wrong verdicts in simulation came from early evaluations.
 */
export const FEWEST_READINGS = 10;

/** How many starts are tried. More of them gain little, and each costs a fit. */
const STARTS = 5;

/** A shorter window must have at most this share of the margin: some part of any noise is narrow by chance. */
const NARROWER_SHARE = 0.8;

export interface Window {
  /** Index of the first reading that is judged; all later ones are. */
  start: number;
  trend: Trend;
}

/**
 * The part that is judged: among the ends of the series that have at least half of its readings, the one with the
 * narrowest interval; a longer one wins unless a shorter one is clearly narrower.
 *
 *   bytes │          . · ' ` · . '
 *         │      · '└──── start here: narrowest interval
 *         │    /  └─ too early: the warm-up bends the line, the bend counts as noise, the interval is wide
 *         │  /                 └─ too late: fewer readings, the interval is wide again
 *         └─────────────────────── work
 *
 * So warm-up, a fill, and readings before a step are left out once there are as many readings after them as before.
 * The choice depends only on the width of the interval, never on its position, so it favours no verdict.
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
    if (candidate.trend.margin < NARROWER_SHARE * best.trend.margin) best = candidate;
  }
  return best;
}
