import { SERVICE_DRIFT_BYTES } from './drift.js';
import { judge, SMALLEST_LEAK_BYTES } from './judge.js';
import type { Reading } from './reading.js';
import { unsettled, type Unit, type Verdict } from './verdict.js';

/**
 * Most leaks are smaller than this, so "bounded" means nothing where only larger ones would have been detected. Of a
 * leak per second, 4 kB add up to 350 MB in a day.
 */
const COARSEST_BYTES: Readonly<Record<Unit, number>> = { request: 50, call: 50, second: 4_096 };

export interface WorkOptions {
  /** What a healthy program may gain in total, in bytes. Default 400,000, for a whole service. */
  driftBytes?: number;
  /** The smallest leak that is sought, however much work there is, in bytes per unit of work. Default 2. */
  finestBytes?: number;
  /**
   * A verdict is bounded only if a leak of so many bytes per unit would have been detected. Default 50, and 4,096 per
   * second; never less than `finestBytes`.
   */
  coarsestBytes?: number;
  /** What `work` counts; it changes the words only. Default 'request'. */
  unit?: Unit;
}

/**
 * Judges with a smallest leak that depends on the work: a leak has to gain more than a healthy program may in the same
 * work. A short run therefore detects only large leaks, and a long one detects smaller ones.
 *
 * @throws RangeError as `judge` does
 */
export function judgeByWork(readings: readonly Reading[], options: WorkOptions = {}): Verdict {
  const { unit = 'request', driftBytes = SERVICE_DRIFT_BYTES, finestBytes = SMALLEST_LEAK_BYTES } = options;
  const coarsestBytes = Math.max(finestBytes, options.coarsestBytes ?? COARSEST_BYTES[unit]);
  const work = (readings.at(-1)?.work ?? 0) - (readings[0]?.work ?? 0);
  const smallestLeakBytes = Math.max(finestBytes, driftBytes / Math.max(work, 1));
  const verdict = judge(readings, { smallestLeakBytes, unit });
  if (verdict.kind !== 'bounded' || smallestLeakBytes <= coarsestBytes) return verdict;
  const neededWork = Math.ceil(driftBytes / coarsestBytes);
  return unsettled(verdict, { code: 'too-little-work', work, smallestLeakBytes, neededWork });
}
