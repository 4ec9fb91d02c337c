import { STEP_EVIDENCE } from './evidence.js';
import { type Noise, noiseAround, slopeError } from './noise.js';
import type { Reading } from './reading.js';
import { likeliestStep } from './step.js';
import { tFromNormal } from './student.js';
import { type Line, theilSen } from './theil-sen.js';

/** Readings as two columns: work and bytes. */
export interface Points {
  xs: Float64Array;
  ys: Float64Array;
}

/** A growth rate and its uncertainty, in bytes per unit of work. */
export interface Trend {
  slope: number;
  standardError: number;
  degreesOfFreedom: number;
  /** Half the width of the interval: the rate is slope ± margin. */
  margin: number;
  /** Index of the first reading after a step that the slope leaves out; 0 for none. */
  step: number;
}

/**
 * Half the width of the interval in standard errors. A single evaluation that errs one time in a hundred would need
 * 2.3. But the load evaluates after every round and stops at the first verdict, so chance has many opportunities.
 * Evaluations of a growing series resemble each other: a hundred are worth about `EFFECTIVE_EVALUATIONS` independent
 * ones, and at three standard errors each of those errs one time in 740. (test/verdict-error-rates.test.ts checks the
 * total.)
 */
const CRITICAL_Z = 3;
export const EFFECTIVE_EVALUATIONS = 7;

/** Slope, size of the noise and autocorrelation of the noise: each takes one degree of freedom. */
const ESTIMATED_PARAMETERS = 3;
/** With fewer, Student's t is so wide that no verdict is possible, and the approximation of `student.ts` fails. */
const FEWEST_DEGREES_OF_FREEDOM = 3;

export function pointsOf(readings: readonly Reading[]): Points {
  return {
    xs: Float64Array.from(readings, (reading) => reading.work),
    ys: Float64Array.from(readings, (reading) => reading.bytes),
  };
}

/** The trend of all points, with any steps in it. */
export function straightTrend({ xs, ys }: Points): Trend {
  const line = theilSen(xs, ys);
  return trendAlong(line, noiseAround(line), xs, 0);
}

/** The trend with one step left out, when there is strong evidence for one; otherwise the straight one. */
export function trendOf({ xs, ys }: Points): Trend {
  const line = theilSen(xs, ys);
  const step = likeliestStep(xs, ys);
  if (step > 0) {
    const broken = theilSen(xs, ys, step);
    const noise = noiseAround(broken);
    // Twice the gain in log-likelihood. Residuals are compared by absolute value, not by square (Laplace's
    // likelihood): an outlier is in both sums and must not decide between them.
    const gain =
      2 *
      effectiveSampleSize(xs.length, noise) *
      Math.log(absoluteSum(line.residuals) / absoluteSum(broken.residuals));
    if (gain > 2 * Math.log(xs.length) + STEP_EVIDENCE) return trendAlong(broken, noise, xs, step);
  }
  return trendAlong(line, noiseAround(line), xs, 0);
}

function trendAlong({ slope }: Line, noise: Noise, xs: Float64Array, step: number): Trend {
  const standardError = slopeError(noise, xs, step);
  const parameters = ESTIMATED_PARAMETERS + Number(step > 0);
  const degreesOfFreedom = Math.max(
    FEWEST_DEGREES_OF_FREEDOM,
    effectiveSampleSize(xs.length, noise) - parameters,
  );
  return {
    slope,
    standardError,
    degreesOfFreedom,
    margin: standardError * tFromNormal(CRITICAL_Z, degreesOfFreedom),
    step,
  };
}

/** n readings with autocorrelation φ tell as much as n(1−φ)/(1+φ) independent ones (Bayley & Hammersley 1946). */
function effectiveSampleSize(readings: number, { autocorrelation }: Noise): number {
  return (readings * (1 - autocorrelation)) / (1 + autocorrelation);
}

function absoluteSum(residuals: Float64Array): number {
  return residuals.reduce((sum, residual) => sum + Math.abs(residual), 0);
}
