import { SERVICE_DRIFT_BYTES } from './drift.js';
import { judge, SMALLEST_LEAK_BYTES } from './judge.js';
import type { Reading } from './reading.js';
import { unsettled, type Unit, type Verdict } from './verdict.js';

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
    driftBytes = SERVICE_DRIFT_BYTES,
    finestBytes = SMALLEST_LEAK_BYTES,
    coarsestBytes = COARSEST_BYTES,
  } = options;
  const { unit = 'request' } = options;
  const work = (readings.at(-1)?.work ?? 0) - (readings[0]?.work ?? 0);
  const smallestLeakBytes = Math.max(finestBytes, driftBytes / Math.max(work, 1));
  const verdict = judge(readings, { smallestLeakBytes, unit });
  if (verdict.kind !== 'bounded' || smallestLeakBytes <= coarsestBytes) return verdict;
  const neededWork = Math.ceil(driftBytes / coarsestBytes);
  return unsettled(verdict, { code: 'too-little-work', smallestLeakBytes, neededWork });
}
