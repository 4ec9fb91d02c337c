import { type Line, medianInPlace } from './theil-sen.js';

/** The residuals of a line: how large they are, and how much each tells of the next one. */
export interface Noise {
  /** Σ of squared residuals, each winsorized at `WINSOR_DEVIATIONS` robust deviations. */
  squares: number;
  /** φ, the lag-one autocorrelation of the residuals, 0…`MAX_AUTOCORRELATION`. */
  autocorrelation: number;
}

/**
 * A residual beyond this many robust deviations is an outlier, and counts as if it were here (winsorizing). Gaussian
 * noise has three readings in a thousand beyond three deviations, so a clean series loses nothing, and one outlier
 * cannot widen the interval.
 */
const WINSOR_DEVIATIONS = 3;
/** 1/Φ⁻¹(3/4): the standard deviation of Gaussian noise is this many times its median absolute deviation. */
const MAD_TO_SIGMA = 1.4826;
/** Nearer to one, the noise is a random walk, and the readings do not show how far it may still go. */
const MAX_AUTOCORRELATION = 0.95;

export function noiseAround({ residuals }: Line): Noise {
  const limit = WINSOR_DEVIATIONS * MAD_TO_SIGMA * medianInPlace(residuals.map(Math.abs));
  let squares = 0;
  let products = 0;
  let previous = 0;
  // A limit of zero (most readings exactly on the line) would remove every deviation, so then there is none.
  const most = limit > 0 ? limit : Infinity;
  for (const residual of residuals) {
    const winsorized = Math.max(-most, Math.min(most, residual));
    squares += winsorized * winsorized;
    products += winsorized * previous;
    previous = winsorized;
  }
  const sampled = squares > 0 ? products / squares : 0;
  return { squares, autocorrelation: correctedAutocorrelation(sampled, residuals.length) };
}

/**
 * The sample autocorrelation of residuals of a fitted line is too low by about (2 + 4φ)/n (Kendall 1954, Marriott &
 * Pope 1954, for a fitted trend). Uncorrected, ten readings of a slow drift count as independent, and the interval is
 * half as wide as it should be. Negative values are set to zero before the correction: a few readings that happen to
 * alternate must not make the interval narrower than independent ones would.
 */
function correctedAutocorrelation(sampled: number, readings: number): number {
  const corrected = (readings * Math.max(0, sampled) + 2) / Math.max(1, readings - 4);
  return Math.min(MAX_AUTOCORRELATION, corrected);
}

/**
 * Standard error of a slope fitted to `xs` under autocorrelated noise: the variance of the least-squares slope under
 * AR(1) noise, x'Rx / (x'x)², with R the correlation matrix φ^|i−j|. The size of the noise is estimated with the
 * same R: a line follows part of slow noise, so the residuals contain less of it than there is.
 *
 * @param step as in `theilSen`
 */
export function slopeError(noise: Noise, xs: Float64Array, step = 0): number {
  const { levels, centred, spread } = quadraticForms(xs, noise.autocorrelation, step);
  // Residual degrees of freedom under that noise: the trace of (I − H)R, with H the projection of the fit.
  const residualDegrees = Math.max(Number.EPSILON, xs.length - levels - centred / spread);
  // Theil–Sen is 5 % less precise than least squares on Gaussian noise (Sen 1968: relative efficiency 3/π).
  const variance = ((Math.PI / 3) * noise.squares) / residualDegrees;
  return Math.sqrt(variance * centred) / spread;
}

/** With x centred in each segment: Σ over segments of 1'R1/n, and over all of it x'Rx and x'x. */
function quadraticForms(xs: Float64Array, autocorrelation: number, step: number) {
  const before = mean(xs, 0, step);
  const after = mean(xs, step, xs.length);
  let levels = 0;
  let centred = 0;
  let spread = 0;
  // φ^|i−j| summed by recursion, so the cost is linear: `tail` is Σ_{j<i} φ^(i−j)·x_j.
  let tailOnes = 0;
  let tailCentred = 0;
  for (let i = 0; i < xs.length; i++) {
    if (i === step) tailOnes = 0;
    const x = xs[i]! - (i < step ? before : after);
    levels += (1 + 2 * tailOnes) / (i < step ? step : xs.length - step);
    centred += x * (x + 2 * tailCentred);
    spread += x * x;
    tailOnes = autocorrelation * (tailOnes + 1);
    tailCentred = autocorrelation * (tailCentred + x);
  }
  return { levels, centred, spread };
}

function mean(xs: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += xs[i]!;
  return sum / Math.max(1, to - from);
}
