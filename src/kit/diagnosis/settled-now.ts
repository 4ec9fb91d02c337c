import type { Verdict } from '../verdict/index.js';
import type { Context } from './model/context.js';
import type { Note, Reason } from './model/notes.js';
import type { Diagnosis, RuledOut, RuledOutReason } from './model/result.js';

/** Growth that has stopped, or was stopping, when the measurement ended. */
const STOPPED = new Set<Reason['code']>(['growth-stopped', 'slowing', 'step', 'fell']);
/** What ends the growth of a container within seconds. A cache that is not full, and keys that run out, take longer. */
const SOON_OVER = new Set<RuledOutReason['code']>([
  'was-emptied',
  'cleaned-by-timer',
  'replaced',
  'turns-over',
]);
/** A second measurement takes about as long. */
const SOON_MS = 30_000;

/** Some caches drop a part of their entries when they are full. */
const FULL = 0.95;

/**
 * Whether a second measurement may show what the first one could not: a pool that warms up, a window of time that
 * passes. Only of load that is sent, which is the same again.
 */
export function mayBeSettledNow({ verdict, ruledOut }: Diagnosis, { work, options }: Context): boolean {
  if (verdict === null || work.unit !== 'request' || !options.collect) return false;
  const hasEnded = STOPPED.has(verdict.reason.code) || verdict.reason.code === 'explained-by-ruled-out';
  return hasEnded && ruledOut.every((one) => isSoonOver(one.reason) || isFull(one));
}

function isFull({ bound }: RuledOut): boolean {
  return bound !== null && bound.filled >= FULL;
}

function isSoonOver(reason: RuledOutReason): boolean {
  return reason.code === 'not-expired-yet' ? reason.inMs < SOON_MS : SOON_OVER.has(reason.code);
}

/**
 * What a second measurement shows: `measured-again` where its verdict stands, else `measured-twice`.
 *
 * @param why the diagnosis by the first one is unsettled
 */
export function secondMeasurement(
  again: Verdict<Reason>,
  first: Verdict<Reason>,
  why: Reason,
): Extract<Note, { code: 'measured-again' | 'measured-twice' }> {
  if (clears(again, first)) return { code: 'measured-again', because: why.code };
  const { kind, growthRate, work, unit } = again;
  return { code: 'measured-twice', kind, growthRate, work, unit };
}

/** Of the rate that was measured first: what goes on at more than this has not stopped. */
const STOPPED_SHARE = 0.5;

/**
 * Whether a second measurement shows that what grew in the first was no leak. With fewer requests it detects less: growth
 * that is there, and that may be as large as before, is not cleared because a larger leak would have been found.
 */
export function clears(again: Verdict<Reason>, first: Verdict<Reason>): boolean {
  const [now, before] = [again.growthRate, first.growthRate];
  if (again.kind !== 'bounded') return false;
  return !now || !before || now.low <= 0 || now.high < STOPPED_SHARE * before.estimate;
}
