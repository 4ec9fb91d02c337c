import { medianInPlace } from './theil-sen.js';
import { VERY_STRONG } from './evidence.js';

/** The fewest readings on each side of a step: fewer at the edge are outliers, which the slope withstands. */
const SIDE = 4;

/**
 * Where one step would explain the readings best: least squares of a line that may jump once, tried at every place.
 * Whether there *is* a step is for the caller to decide, by deviations that outliers do not rule.
 *
 * @returns index of the first reading after it, 0 when there is no place worth asking about
 */
export function likeliestStep(xs: Float64Array, ys: Float64Array): number {
  const calm = medianOfThree(ys);
  let best = 0;
  const { xx, xy, yy } = squaresOfSide(xs, calm, 0, xs.length);
  // Least squares has to see strong evidence too, or the place is not worth a robust fit.
  let least = (yy - (xy * xy) / xx) * Math.exp(-(2 * Math.log(xs.length) + VERY_STRONG) / xs.length);
  for (let step = SIDE; step <= xs.length - SIDE; step++) {
    const left = squaresOfSide(xs, calm, 0, step);
    const right = squaresOfSide(xs, calm, step, xs.length);
    const rest = left.yy + right.yy - (left.xy + right.xy) ** 2 / (left.xx + right.xx);
    if (rest < least) {
      least = rest;
      best = step;
    }
  }
  return best;
}

/** A single wild reading is the best place for a step to least squares; three in a row have one median. */
export function medianOfThree(ys: Float64Array): Float64Array {
  return ys.map((y, i) => (i === 0 || i === ys.length - 1 ? y : medianInPlace(ys.slice(i - 1, i + 2))));
}

/** Sums of squares and products about the mean of xs and ys [from, to). */
function squaresOfSide(xs: Float64Array, ys: Float64Array, from: number, to: number) {
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
