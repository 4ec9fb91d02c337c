import { Problem } from '../problem.js';
import type { Tested } from './caller.js';
import { type Growth, growthOf } from './growth.js';
import type { BoundOptions } from './options.js';

/**
 * Asserts that memory does not grow with the number of calls. For node:test, or any other runner.
 *
 *     await staysBounded((call) => service.get(`user-${call}`), { instancesOf: [User], atMost: 100 });
 *
 * @returns what was measured
 * @throws Problem LEAK_LAB_GREW for a leak; LEAK_LAB_UNSETTLED when it cannot be decided, with the options that help;
 *   LEAK_LAB_CALL_FAILED when the function throws
 * @throws RangeError that names an option whose value is not accepted
 */
export async function staysBounded(tested: Tested, options: BoundOptions = {}): Promise<Growth> {
  const growth = await growthOf(tested, options);
  if (growth.kind === 'leak') throw new Problem('LEAK_LAB_GREW', growthText(growth));
  requireSettled(growth);
  return growth;
}

/** An unsettled test neither passes nor fails, with `.not` or without, so it throws. */
export function requireSettled(growth: Growth): void {
  if (growth.kind !== 'unsettled') return;
  throw new Problem(
    'LEAK_LAB_UNSETTLED',
    `cannot tell whether memory stays bounded, after ${growth.calls.toLocaleString('en-US')} calls in ${Math.round(growth.elapsedMs)} ms. ${growth.reason} ` +
      'Allow more time with atMostMs, set warmUp to the number of calls that fill its caches, or raise maxBytesPerCall.',
  );
}

/** The reason, and a line per suspect. */
export function growthText({ reason, suspects }: Growth): string {
  return [reason, ...suspects.map((suspect) => `  - ${suspect}`)].join('\n');
}
