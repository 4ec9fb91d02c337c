import { isRoom, NO_BOUND } from '../model/bound-names.js';
import { isAsMany } from '../model/context.js';
import type { Recount } from '../probe/index.js';
import type { DeclaredBound, RuledOutReason, WorkUnit } from '../model/result.js';

/** One container, counted again and again with work in between. */
export interface Counts {
  /** Work done between one count and the next. */
  work: number[];
  counts: Recount[];
  /** Counted after single rounds of work in between, without a collection. */
  rounds: { work: number; entries: number | null }[];
  /** Whether each count came after a collection: finalizers have then removed what they remove. */
  collected: boolean;
  /** More entries than the heap can have; absent where that is not known. A bound above them is none. */
  mostEntries?: number;
}

/** Why a container is ruled out, and the bound that was found, where one was. */
export interface Ruling {
  bound: DeclaredBound | null;
  reason: RuledOutReason;
}

/** Fewer new entries say nothing. */
const FEWEST_ENTRIES = 20;
/** Standard errors: a leak whose entries come by chance slows down so much one time in a hundred. */
const SIGNIFICANT = 2.5;
/** Standard errors: so far apart, what fills is missed one time in fifty. */
const TOLD_APART = 4.5;
/** Under one and the same load, a leak does not take half as many entries from one step to the next. */
const HALF = 1 / 2;
/** A new entry at nearly every request is no chance, and cannot run out. */
const EVERY_REQUEST = 0.98;

/**
 * What tells a container that fills from one that leaks, when it is counted for longer: a number beside it that goes
 * down as it goes up is the room that is left; a number that stays and that it has not reached is its bound, where its
 * name says so; and keys that are drawn from a finite set repeat more and more.
 */
export function rulingOn(counted: Counts, unit: WorkUnit): Ruling | null {
  const { work, counts, rounds, collected } = counted;
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last || first.entries === null || last.entries === null) return null;
  const gained = last.entries - first.entries;
  const isEmptied = collected ? gained < 0 : last.entries < HALF * first.entries;
  if (isEmptied) return { bound: null, reason: { code: 'was-emptied' } };
  if (gained < FEWEST_ENTRIES) return null;
  const bound = boundBeside(counted, last.entries, gained);
  if (bound) return { bound, reason: { code: 'approaches-limit' } };
  if (unit !== 'request' || counts.length < 3 || !collected || comesInBatches(rounds)) return null;
  const { early, late } = halvesOf({ work, counts });
  return slowsDown(early, late);
}

/** So many times fewer entries for the same work are no chance. */
const FEWER = 2;

/**
 * Whether a container that takes its entries one by one took far more of them in both halves than it gained between the
 * walks: it was emptied between these.
 *
 * @param entriesPerWork gained between the walks; null where they are not entries
 */
export function wasEmptiedBefore(
  { work, counts, rounds, collected }: Counts,
  entriesPerWork: number | null,
  unit: WorkUnit,
): Ruling | null {
  const isCounted = counts.length > 2 && counts.every(({ entries }) => entries !== null);
  if (unit !== 'request' || !collected || entriesPerWork === null || !isCounted) return null;
  const { early, late } = halvesOf({ work, counts });
  const least = Math.min(early.taken / early.requests, late.taken / late.requests);
  const isFew = Math.min(early.taken, late.taken) < FEWEST_ENTRIES;
  if (isFew || least <= FEWER * entriesPerWork || comesInBatches(rounds)) return null;
  return { bound: null, reason: { code: 'was-emptied' } };
}

/** The first and the second half of the work. With an odd number of steps, the one in the middle is in neither. */
function halvesOf({ work, counts }: Pick<Counts, 'work' | 'counts'>): { early: Step; late: Step } {
  const half = Math.floor(work.length / 2);
  const between = (from: number, to: number): Step => ({
    requests: work.slice(from, to).reduce((sum, one) => sum + one, 0),
    taken: (counts[to]?.entries ?? 0) - (counts[from]?.entries ?? 0),
  });
  return { early: between(0, half), late: between(work.length - half, work.length) };
}

/**
 * How much work shows whether a container fills that gains an entry at some requests and none at others.
 *
 * One that fills with keys drawn from `k` has `n = k(1 − r)` entries when a request adds one with probability `r`, and
 * during `w` requests that probability falls by `rw/2k` from one half to the other. It is told from chance where that is
 * `TOLD_APART` standard errors of the difference, `2√(r(1 − r)/w)`. Zero where nothing is to be told.
 */
export function workThatTells({ work, counts, collected }: Counts, unit: WorkUnit): number {
  const { early, late } = halvesOf({ work, counts });
  const entries = counts.at(-1)?.entries ?? 0;
  const rate = (early.taken + late.taken) / (early.requests + late.requests);
  if (unit !== 'request' || !collected || !(rate > 0 && rate < EVERY_REQUEST)) return 0;
  const keys = entries / (1 - rate);
  return (4 * TOLD_APART * keys * Math.sqrt((1 - rate) / rate)) ** (2 / 3);
}

/**
 * The bound that the numbers beside a container show by how they change with it. Keys that count down from the largest
 * number of 31 bits, or a time in seconds, would leave more room than the heap has.
 */
function boundBeside(
  { counts, mostEntries = NO_BOUND }: Counts,
  entries: number,
  gained: number,
): DeclaredBound | null {
  const [first, last] = [counts[0], counts.at(-1)];
  for (const [at, { name, value }] of last?.numbers.entries() ?? []) {
    const before = first?.numbers[at];
    if (before?.name !== name || value <= 0 || value >= NO_BOUND) continue;
    const isRoomLeft = isAsMany(before.value - value, gained);
    const stays = counts.every(({ numbers }) => numbers[at]?.value === value);
    if (!isRoomLeft && !(stays && value >= entries && isRoom(name))) continue;
    const limit = isRoomLeft ? entries + value : value;
    if (limit < mostEntries) return { declaredBy: name, limit, filled: entries / limit };
  }
  return null;
}

/** Fewer counts show no pattern. */
const FEWEST_ROUNDS = 4;
/** Of its mean: a round with less took nothing, and one with more took what others left. */
const NOTHING = 0.1;
const BATCH = 2;

/**
 * Whether it takes nothing for a while and much at once: how much it takes in one step and in the next is then a matter
 * of when the batch comes. What fills takes less and less.
 */
function comesInBatches(rounds: Counts['rounds']): boolean {
  const taken: number[] = [];
  for (const [at, { work, entries }] of rounds.entries()) {
    const before = rounds[at - 1]?.entries ?? null;
    if (entries !== null && before !== null) taken.push((entries - before) / Math.max(1, work));
  }
  const mean = taken.reduce((sum, one) => sum + one, 0) / Math.max(1, taken.length);
  const firstPause = taken.findIndex((one) => one <= NOTHING * mean);
  if (taken.length < FEWEST_ROUNDS || mean <= 0 || firstPause < 0) return false;
  // More entries than requests were moved in from somewhere, also where the batch came first.
  return taken.some((one, at) => one >= BATCH * mean && (at > firstPause || one > BATCH));
}

interface Step {
  requests: number;
  taken: number;
}

/** Of requests that each add an entry or none: so many fewer in the second half that chance does not explain it. */
function slowsDown(early: Step, late: Step): Ruling | null {
  const rate = ({ taken, requests }: Step): number => taken / requests;
  const [before, after] = [rate(early), rate(late)];
  const ruling: Ruling = { bound: null, reason: { code: 'slows-down', before, after } };
  if (early.taken >= FEWEST_ENTRIES && after < HALF * before) return ruling;
  if (before >= EVERY_REQUEST) return null;
  const mean = (early.taken + late.taken) / (early.requests + late.requests);
  const error = Math.sqrt(mean * (1 - mean) * (1 / early.requests + 1 / late.requests));
  return before - after < SIGNIFICANT * error ? null : ruling;
}
