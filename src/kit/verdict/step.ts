import { medianInPlace } from './theil-sen.js';
import { STEP_EVIDENCE } from './evidence.js';

/** The fewest readings in a segment, before or after the step. Fewer are outliers, which the slope withstands. */
const FEWEST_IN_SEGMENT = 4;

/**
 * Where one step would explain the readings best: least squares of a line that may jump once, tried at every place.
 * The caller decides whether there *is* a step, with a measure that outliers do not dominate.
 *
 * @returns index of the first reading after it; 0 when no place has enough evidence
 */
export function likeliestStep(xs: Float64Array, ys: Float64Array): number {
  const smoothed = medianOfThree(ys);
  let best = 0;
  const { xx, xy, yy } = sumsOfSegment(xs, smoothed, 0, xs.length);
  // A step that least squares has no strong evidence for is not worth a robust fit.
  let least = (yy - (xy * xy) / xx) * Math.exp(-(2 * Math.log(xs.length) + STEP_EVIDENCE) / xs.length);
  for (let step = FEWEST_IN_SEGMENT; step <= xs.length - FEWEST_IN_SEGMENT; step++) {
    const left = sumsOfSegment(xs, smoothed, 0, step);
    const right = sumsOfSegment(xs, smoothed, step, xs.length);
    const residual = left.yy + right.yy - (left.xy + right.xy) ** 2 / (left.xx + right.xx);
    if (residual < least) {
      least = residual;
      best = step;
    }
  }
  return best;
}

/**
 * The running median of three. Least squares would put the step at a single outlier, and this removes those. The first
 * and last reading stay as they are.
 */
export function medianOfThree(ys: Float64Array): Float64Array {
  return ys.map((y, i) => (i === 0 || i === ys.length - 1 ? y : medianInPlace(ys.slice(i - 1, i + 2))));
}

/** Sums of squares and products about the mean of xs and ys [from, to). */
function sumsOfSegment(xs: Float64Array, ys: Float64Array, from: number, to: number) {
  let meanX = 0;
  let meanY = 0;
  for (let i = from; i < to; i++) {
    meanX += xs[i]! / (to - from);
    meanY += ys[i]! / (to - from);
  }
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = from; i < to; i++) {
    xx += (xs[i]! - meanX) ** 2;
    xy += (xs[i]! - meanX) * (ys[i]! - meanY);
    yy += (ys[i]! - meanY) ** 2;
  }
  return { xx, xy, yy };
}
