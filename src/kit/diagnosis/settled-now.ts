import type { Context } from './model/context.js';
import type { Reason } from './model/notes.js';
import type { Diagnosis, RuledOutReason } from './model/result.js';

/** Growth that has stopped, or was stopping, when the measurement ended. */
const STOPPED = new Set<Reason['code']>(['growth-stopped', 'slowing', 'step', 'fell']);
/** What ends the growth of a container before its bound is reached. A cache that is not full goes on. */
const SOON_OVER = new Set<RuledOutReason['code']>([
  'was-emptied',
  'not-expired-yet',
  'cleaned-by-timer',
  'slows-down',
]);

/**
 * Whether a second measurement may show what the first one could not: a pool that warms up, a window of time that
 * passes, keys that run out. Only of load that is sent, which is the same again.
 */
export function mayBeSettledNow({ verdict, ruledOut }: Diagnosis, { work, options }: Context): boolean {
  if (verdict === null || work.unit !== 'request' || !options.collect) return false;
  if (STOPPED.has(verdict.reason.code)) return true;
  return (
    verdict.reason.code === 'explained-by-ruled-out' &&
    ruledOut.every(({ reason }) => SOON_OVER.has(reason.code))
  );
}
