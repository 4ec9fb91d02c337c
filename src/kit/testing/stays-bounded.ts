import { Problem } from '../problem.js';
import type { Tested } from './caller.js';
import { type Growth, growthOf } from './growth.js';
import type { BoundOptions } from './options.js';

/**
 * Asserts that calling a function again and again does not make memory grow. For node:test, or any other runner.
 *
 *     await staysBounded((call) => service.get(`user-${call}`), { instancesOf: [User], atMost: 100 });
 *
 * @returns what was seen
 * @throws Problem LEAK_LAB_GREW for a leak; LEAK_LAB_UNSETTLED when it cannot be told, with what to do;
 *   LEAK_LAB_CALL_FAILED when the function throws
 */
export async function staysBounded(tested: Tested, options: BoundOptions = {}): Promise<Growth> {
  const growth = await growthOf(tested, options);
  if (growth.kind === 'leak') throw new Problem('LEAK_LAB_GREW', sentencesOf(growth));
  mustBeSettled(growth);
  return growth;
}

/** Neither passed nor failed: a test that cannot tell has to say so, whichever it was meant to do. */
export function mustBeSettled(growth: Growth): void {
  if (growth.kind !== 'unsettled') return;
  throw new Problem(
    'LEAK_LAB_UNSETTLED',
    `cannot tell whether memory stays bounded, after ${growth.calls.toLocaleString('en-US')} calls in ${Math.round(growth.elapsedMs)} ms. ${growth.reason} ` +
      'Give it more time (atMostMs), a warmUp of as many calls as fill its caches, or a larger maxBytesPerCall.',
  );
}

export function sentencesOf({ reason, suspects }: Growth): string {
  return [reason, ...suspects.map((suspect) => `  - ${suspect}`)].join('\n');
}
