import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import { isAsMany } from '../model/context.js';
import type { Counts } from './recount.js';

/** A container that was counted while more work was done. */
export interface CountedContainer {
  counts: Pick<Counts, 'work' | 'counts'>;
  bytesPerEntry: number;
}

/** Of the first step, for the same work: what takes fewer may be running out. */
const LEAST_OF_FIRST = 0.9;
/** Of the memory that came, without what others gained. */
const LEAST_OF_REST = 0.5;
const MOST_OF_REST = 2;

/**
 * Whether a container goes on as it began while what is ruled out beside it fills or stops, and retains most of what
 * remains of the growth without that. An index of what fills gains as many entries as that does, and is not told from
 * it.
 *
 * @param others what is ruled out
 * @param grownBytes by which memory grew meanwhile
 */
export function goesOnBeside(
  { counts: { work, counts }, bytesPerEntry }: CountedContainer,
  others: readonly CountedContainer[],
  grownBytes: number,
): boolean {
  const taken = gainsOf(counts);
  const [early, late] = [taken[0], taken.at(-1)];
  const [workEarly, workLate] = [work[0], work.at(-1)];
  if (!early || !late || !workEarly || !workLate || taken.length < 2) return false;
  if (late / workLate < LEAST_OF_FIRST * (early / workEarly)) return false;
  const gained = sumOf(taken);
  const bytes = gained * bytesPerEntry;
  const gains = others.map(({ counts: other }) => sumOf(gainsOf(other.counts)));
  if (gains.some((gain) => isAsMany(gain, gained))) return false;
  const filled = others.reduce(
    (sum, other, at) => sum + Math.max(0, gains[at] ?? 0) * other.bytesPerEntry,
    0,
  );
  const rest = grownBytes - filled;
  // Where the sum does not come out, the entries of what fills were weighed wrongly, and the rest is not known.
  return bytes >= IDLE_DRIFT_BYTES && bytes >= LEAST_OF_REST * rest && bytes <= MOST_OF_REST * rest;
}

/** Entries gained in each step; empty where they could not be counted. */
function gainsOf(counts: CountedContainer['counts']['counts']): number[] {
  const entries = counts.map((one) => one.entries);
  if (entries.includes(null)) return [];
  return entries.slice(1).map((now, at) => (now ?? 0) - (entries[at] ?? 0));
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
