import { judge, SMALLEST_LEAK_BYTES } from './judge.js';
import type { Reading } from './reading.js';
import type { Unit, Verdict } from './verdict.js';

/**
 * What a healthy Node service may still gain while it is watched, in bytes: V8 sharpens its guesses about types
 * and fills its pools for as long as it warms up. The service of this lab gained up to 0.2 MB in its first 100,000
 * requests after the cache was full, whatever the number of users.
 */
const DRIFT_BYTES = 400_000;

/** To say "bounded" where only larger leaks than this would show is to say nothing: most leaks are smaller. */
const COARSEST_BYTES = 50;

export interface WorkOptions {
  /** What may be gained in all by what is watched without leaking; default 400,000 bytes, for a whole service. */
  driftBytes?: number;
  /** Smallest leak that is looked for, however much work there is; default 2 bytes. */
  finestBytes?: number;
  /** "Bounded" is only said where a leak of so many bytes would have shown; default 50. */
  coarsestBytes?: number;
  /** What is counted; changes the words only. */
  unit?: Unit;
}

/**
 * Judges by what so much work can show: a leak has to gain more than a healthy service may, so that a short run
 * asks for a larger leak and a longer one finds a smaller.
 */
export function judgeByWork(readings: readonly Reading[], options: WorkOptions = {}): Verdict {
  const {
    driftBytes = DRIFT_BYTES,
    finestBytes = SMALLEST_LEAK_BYTES,
    coarsestBytes = COARSEST_BYTES,
  } = options;
  const { unit = 'request' } = options;
  const work = (readings.at(-1)?.work ?? 0) - (readings[0]?.work ?? 0);
  const smallestLeakBytes = Math.max(finestBytes, driftBytes / Math.max(work, 1));
  const verdict = judge(readings, { smallestLeakBytes, unit });
  if (verdict.kind !== 'bounded' || smallestLeakBytes <= coarsestBytes) return verdict;
  return {
    ...verdict,
    kind: 'unsettled',
    confidence: 0,
    reason:
      `${work.toLocaleString('en-US')} ${unit}s are too few to tell: only a leak of ${Math.round(smallestLeakBytes).toLocaleString('en-US')} bytes a ${unit} ` +
      `or more would show beside what a program gains while it warms up. It takes at least ${Math.ceil(driftBytes / coarsestBytes).toLocaleString('en-US')}.`,
  };
}
