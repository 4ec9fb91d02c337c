import type { Candidate } from '../model/context.js';
import type { Since } from '../model/limits.js';
import type { CountedContainer } from './goes-on.js';
import { isOfEntries } from './moved-bounds.js';
import { type Counts, rulingOn, workThatTells } from './recount.js';

/** More is not spent on seeing whether something fills: the snapshots that come later need time and room as well. */
const MOST_MORE_MS = 30_000;
const MOST_MORE_BYTES = 50e6;
/** Of the room below each limit that load must not come near. */
const MOST_OF_ROOM = 0.1;

/** Periods of a timer: in each half of the counts, what it moves then comes once. */
const PERIODS = 2;

/** A suspect, or what is ruled out, with its counts. */
export interface CountedCandidate extends Candidate, CountedContainer {
  counts: Counts;
}

/**
 * How often to count again until it shows whether something fills; not at all where that would take too much.
 *
 * @param each what one count takes, with the work before it
 * @param limits what it takes of each limit, and what is left of that
 * @param everyMs the period of the timer that moves entries on in batches; null where none is known
 */
export function moreRecounts(
  { counted, ruledOut }: Record<'counted' | 'ruledOut', readonly CountedCandidate[]>,
  each: Record<'ms' | 'bytes', number>,
  limits: readonly TakenOfLimit[],
  everyMs: number | null = null,
): number {
  const most = Math.min(
    MOST_MORE_MS / each.ms,
    MOST_MORE_BYTES / Math.max(0, each.bytes),
    ...limits.map(({ each: taken, free }) => (MOST_OF_ROOM * free) / Math.max(0, taken)),
  );
  const periods = everyMs === null ? 0 : (PERIODS * everyMs) / each.ms;
  const wanted = [...counted.map((one) => untilTold(one, periods)), ...ruledOut.map((one) => untilFull(one))];
  const possible = wanted.filter((one) => one <= most);
  return Math.max(0, ...possible);
}

/** What one count takes of a limit, and what is left. */
export interface TakenOfLimit {
  each: number;
  free: number;
}

/** @param heapBytes that one count takes by the rate of the growth: a few counts alone have the noise of a collection */
export function takenBy(heapBytes: number, limits: readonly Since[], counts: number): TakenOfLimit[] {
  return limits.map(({ first, now }) => ({
    each: now.code === 'heap' ? heapBytes : (now.used - first.used) / counts,
    free: now.free,
  }));
}

/**
 * Until chance and a fill are told apart. What took nothing at all since may wait for its next batch.
 *
 * @param periods as many counts as two periods of that batch take; 0 where there is none
 */
function untilTold({ counts }: CountedCandidate, periods: number): number {
  const reason = rulingOn(counts, 'request')?.reason;
  if (reason?.code === 'slows-down' && reason.after === 0)
    return Math.max(0, Math.ceil(periods) - counts.work.length);
  if (reason) return 0;
  const done = counts.work.reduce((sum, one) => sum + one, 0);
  return Math.ceil((workThatTells(counts, 'request') / done - 1) * counts.work.length);
}

/** Until what has a bound has reached it: a limit that is raised then is none. */
function untilFull({ suspect: { bound }, grown, counts: { counts } }: CountedCandidate): number {
  const [first, last] = [counts[0]?.entries ?? null, counts.at(-1)?.entries ?? null];
  if (!bound || !isOfEntries(bound, grown) || first === null || last === null) return 0;
  const gained = (last - first) / (counts.length - 1);
  return gained > 0 && last <= bound.limit ? Math.ceil((bound.limit - last) / gained) + 1 : 0;
}
