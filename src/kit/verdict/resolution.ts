import { SMALLEST_LEAK_BYTES } from './judge.js';

/**
 * What a healthy Node service may still gain while it is watched, in bytes: V8 sharpens its guesses about types
 * and fills its pools for as long as it warms up. The service of this lab gained up to 0.2 MB in its first 100,000
 * requests after the cache was full, whatever the number of users.
 */
const DRIFT_BYTES = 400_000;

/**
 * The smallest leak that so much work can show, in bytes for each unit: one that gains more than a healthy service
 * may. A short run asks for a larger leak; a longer one finds a smaller.
 */
export function smallestVisibleLeak(work: number): number {
  return Math.max(SMALLEST_LEAK_BYTES, DRIFT_BYTES / work);
}
