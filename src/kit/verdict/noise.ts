import { type Line, medianInPlace } from './theil-sen.js';

/** What is left around a line: how large, and how much of it carries over from one reading to the next. */
export interface Noise {
  /** Σ of squared deviations from the line, each held within `FENCE` robust deviations. */
  squares: number;
  /** Lag-one autocorrelation, 0…`MOST_CARRIED`: what a reading's deviation tells of the next one's. */
  carried: number;
}

/**
 * A deviation further out than this is an outlier and counts as if it were here: beyond three deviations Gaussian
 * noise has three readings in a thousand, so clean series lose nothing and one wild reading cannot widen the interval.
 */
const FENCE = 3;
/** The median absolute deviation of Gaussian noise is this much smaller than its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Nearer to one, the noise is a random walk and the readings cannot say how far it may still wander. */
const MOST_CARRIED = 0.95;

export function noiseAround({ residuals }: Line): Noise {
  const fence = FENCE * MAD_TO_DEVIATION * medianInPlace(residuals.map(Math.abs));
  let squares = 0;
  let products = 0;
  let previous = 0;
  // A fence of zero (most readings exactly on the line) would hide every deviation: then none is held.
  const held = fence > 0 ? fence : Infinity;
  for (const residual of residuals) {
    const kept = Math.max(-held, Math.min(held, residual));
    squares += kept * kept;
    products += kept * previous;
    previous = kept;
  }
  return { squares, carried: carriedOver(squares > 0 ? products / squares : 0, residuals.length) };
}

/**
 * Autocorrelation seen in residuals of a fitted line is too low by about (2 + 4φ)/n (Kendall 1954, Marriott & Pope
 * 1954, for a fitted trend): uncorrected, ten readings of a slow drift pass for independent ones and the interval is
 * half as wide as it should be. Negative values are taken as none, before the correction: a few readings that happen
 * to alternate must not make the interval narrower than independent ones would.
 */
function carriedOver(seen: number, readings: number): number {
  const corrected = (readings * Math.max(0, seen) + 2) / Math.max(1, readings - 4);
  return Math.min(MOST_CARRIED, corrected);
}

/**
 * Standard error of a slope fitted to `xs` when noise carries over: the variance of the least-squares slope under
 * AR(1) noise, x'Rx / (x'x)², with R the correlation matrix φ^|i−j|. The level of the noise is estimated with the
 * same R: a line follows part of slow noise, so the readings show less of it than there is.
 *
 * @param step as in `theilSen`
 */
export function slopeError(noise: Noise, xs: Float64Array, step = 0): number {
  const { levels, centred, spread } = quadraticForms(xs, noise.carried, step);
  // Readings left to show noise once the line has followed part of it: the trace of (I − H)R, H the fit's projection.
  const free = Math.max(Number.EPSILON, xs.length - levels - centred / spread);
  // Theil–Sen is 5 % less precise than least squares on Gaussian noise (Sen 1968: relative efficiency 3/π).
  const variance = ((Math.PI / 3) * noise.squares) / free;
  return Math.sqrt(variance * centred) / spread;
}

/** With x centred on each side of the step: Σ over sides of 1'R1/n, and over all of it x'Rx and x'x. */
function quadraticForms(xs: Float64Array, carried: number, step: number) {
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
    tailOnes = carried * (tailOnes + 1);
    tailCentred = carried * (tailCentred + x);
  }
  return { levels, centred, spread };
}

function mean(xs: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += xs[i]!;
  return sum / Math.max(1, to - from);
}
