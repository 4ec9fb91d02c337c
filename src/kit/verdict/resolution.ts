import { judge, SMALLEST_LEAK_BYTES } from './judge.js';
import type { Reading } from './reading.js';
import type { Verdict } from './verdict.js';

/**
 * What a healthy Node service may still gain while it is watched, in bytes: V8 sharpens its guesses about types
 * and fills its pools for as long as it warms up. The service of this lab gained up to 0.2 MB in its first 100,000
 * requests after the cache was full, whatever the number of users.
 */
const DRIFT_BYTES = 400_000;

/** To say "bounded" where only larger leaks than this would show is to say nothing: most leaks are smaller. */
const COARSEST_BYTES = 50;

/**
 * Judges by what so much work can show: a leak has to gain more than a healthy service may, so that a short run
 * asks for a larger leak and a longer one finds a smaller.
 */
export function judgeByWork(readings: readonly Reading[]): Verdict {
  const work = (readings.at(-1)?.work ?? 0) - (readings[0]?.work ?? 0);
  const smallestLeakBytes = Math.max(SMALLEST_LEAK_BYTES, DRIFT_BYTES / Math.max(work, 1));
  const verdict = judge(readings, { smallestLeakBytes });
  if (verdict.kind !== 'bounded' || smallestLeakBytes <= COARSEST_BYTES) return verdict;
  return {
    ...verdict,
    kind: 'unsettled',
    confidence: 0,
    reason:
      `${work.toLocaleString('en-US')} requests are too few to tell: only a leak of ${Math.round(smallestLeakBytes)} bytes a request ` +
      `or more would show beside what a service gains while it warms up. Send at least ${(DRIFT_BYTES / COARSEST_BYTES).toLocaleString('en-US')}.`,
  };
}
