import { medianInPlace } from './theil-sen.js';
import type { Rate } from './verdict.js';

/** How often the interval of a median misses it. */
const MISSES = 0.01;

/**
 * The median of measured values, with an interval that contains the true one 99 times in a hundred, whatever their
 * distribution: of n values, the k-th lowest and the k-th highest, with k from the binomial distribution (Thompson
 * 1936).
 *
 * @returns null with fewer than 8 values: even the lowest and the highest of them miss the median too often
 */
export function medianInterval(values: readonly number[]): Rate | null {
  const sorted = Float64Array.from(values).toSorted();
  const n = sorted.length;
  let rank = 0;
  let below = 0.5 ** n;
  let term = below;
  while (2 * below <= MISSES) {
    rank += 1;
    term *= (n - rank + 1) / rank;
    below += term;
  }
  const [low, high] = [sorted[rank - 1], sorted[n - rank]];
  if (low === undefined || high === undefined) return null;
  return { estimate: medianInPlace(sorted), low, high };
}
