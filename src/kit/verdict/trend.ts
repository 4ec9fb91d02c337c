import { VERY_STRONG } from './evidence.js';
import { type Noise, noiseAround, slopeError } from './noise.js';
import type { Reading } from './reading.js';
import { likeliestStep } from './step.js';
import { tFromNormal } from './student.js';
import { type Line, theilSen } from './theil-sen.js';

/** Readings as the arithmetic wants them: work and bytes, side by side. */
export interface Points {
  xs: Float64Array;
  ys: Float64Array;
}

/** A rate of growth and how well it is known, in bytes for each unit of work. */
export interface Trend {
  slope: number;
  standardError: number;
  degreesOfFreedom: number;
  /** Half the width of the interval: the rate is slope ± margin. */
  margin: number;
  /** Index of the first reading after a jump that the slope leaves out; 0 for none. */
  step: number;
}

/**
 * How many standard errors the interval reaches to either side. One look at one error in a hundred would need 2.3; but
 * the driver looks after every round and stops at the first answer, so a lucky streak has many chances. Looks at a
 * growing series resemble each other: a hundred are worth about `LOOKS` independent ones, and three standard errors
 * leave each of those a chance of 1 in 740. (test/verdict-error-rates.test.ts holds the sum to its promise.)
 */
const REACH = 3;
export const LOOKS = 7;

/** Slope, size of the noise, carry-over of the noise: each takes a reading. */
const ESTIMATED = 3;
/** With fewer, Student's t is so wide that no verdict is possible, and the formula behind it no longer holds. */
const FEWEST_DEGREES = 3;

export function pointsOf(readings: readonly Reading[]): Points {
  return {
    xs: Float64Array.from(readings, (reading) => reading.work),
    ys: Float64Array.from(readings, (reading) => reading.bytes),
  };
}

/** The trend of all points, whatever jumps there are. */
export function straightTrend({ xs, ys }: Points): Trend {
  const line = theilSen(xs, ys);
  return trendAlong(line, noiseAround(line), xs, 0);
}

/** The trend beside one jump, when the points speak for one; otherwise the straight one. */
export function trendOf({ xs, ys }: Points): Trend {
  const line = theilSen(xs, ys);
  const step = likeliestStep(xs, ys);
  if (step > 0) {
    const broken = theilSen(xs, ys, step);
    const noise = noiseAround(broken);
    // Twice the gain in log-likelihood. Deviations are compared by size, not by square (Laplace's likelihood):
    // one wild reading is in both sums and must not decide between them.
    const gain =
      2 * independent(xs.length, noise) * Math.log(sumOfSizes(line.residuals) / sumOfSizes(broken.residuals));
    if (gain > 2 * Math.log(xs.length) + VERY_STRONG) return trendAlong(broken, noise, xs, step);
  }
  return trendAlong(line, noiseAround(line), xs, 0);
}

function trendAlong({ slope }: Line, noise: Noise, xs: Float64Array, step: number): Trend {
  const standardError = slopeError(noise, xs, step);
  const estimated = ESTIMATED + Number(step > 0);
  const degreesOfFreedom = Math.max(FEWEST_DEGREES, independent(xs.length, noise) - estimated);
  return {
    slope,
    standardError,
    degreesOfFreedom,
    margin: standardError * tFromNormal(REACH, degreesOfFreedom),
    step,
  };
}

/** Readings that carry over say less: as much as n(1−φ)/(1+φ) independent ones (Bayley & Hammersley 1946). */
function independent(readings: number, { carried }: Noise): number {
  return (readings * (1 - carried)) / (1 + carried);
}

function sumOfSizes(residuals: Float64Array): number {
  return residuals.reduce((sum, residual) => sum + Math.abs(residual), 0);
}
