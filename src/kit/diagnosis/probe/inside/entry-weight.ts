import { ownKeysOf, isObject, type Reflection, valueAt } from './reflect.js';
import { type Bytes, numberBytes, type Sizes, textBytes } from './sizes.js';
import type { CodePosition, ContainerKind } from './walk-result.js';

/** Of the slot that an entry takes in its container, in bytes: with its share of the free space after doubling. */
const SLOT_BYTES = { Map: 37, Set: 27, Array: 10, Object: 48, List: 0 };
/** An entry with more values than this is connected to things that others retain as well. */
const MOST_VALUES = 1_000;
const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'Function']);
/** Properties by which two plain objects are told to be alike. */
const COMPARED_KEYS = 20;

/** The values of one entry: of a Map, key and value. */
export type EntryValues = unknown[];

/** Entries of one container. */
export interface EntrySample {
  /** The newest, side by side, the oldest of them first. */
  newest: EntryValues[];
  /** From the rest, evenly. */
  spread: EntryValues[];
  /** More of the rest: what new entries have in common with these is not their own. */
  aside: EntryValues[];
}

/** What one entry takes, and nothing else retains. */
export interface EntryWeight {
  /** Of a new entry. */
  bytes: number;
  /** Of a new entry, at most: see `Bytes`. */
  mostBytes: number;
  /** Of any entry: the mean of all ages. */
  heldBytes: number;
  /** Arrow functions in the entries, each of which retains a `this` that cannot be seen. */
  arrows: CodePosition[];
  /** Of `bytes`: what entries of a container have as well that was weighed before, by the node of that container. */
  overlaps: Map<number, number>;
}

/** Whether something else retains an object as well, which was reached from an entry by these labels. */
export type IsShared = (object: object, labels: string) => boolean;

/** Objects that were counted for containers before, with the node of the container. */
export interface Claims {
  claimerOf(object: object): number | undefined;
  claim(object: object): void;
}

interface Reached extends Bytes {
  times: number;
}

interface Pending {
  value: unknown;
  labels: string;
  /** What refers to it, and how many values like it this one stands for there. */
  above: Reached;
  times: number;
}

const ENTRY: Reached = { least: 0, most: 0, times: 1 };

/** Estimates what entries take. */
export class EntryWeigher {
  readonly #sizes: Sizes;
  readonly #reflection: Reflection;

  constructor(sizes: Sizes, reflection: Reflection) {
    this.#sizes = sizes;
    this.#reflection = reflection;
  }

  /**
   * What entries of one request share is in several neighbours: each thing is counted for the first entry that has it,
   * over a row of neighbours. What older entries have as well is counted for none.
   *
   * Yields between entries.
   */
  *weigh(
    kind: Exclude<ContainerKind, 'Buffer' | 'String'>,
    { newest, spread, aside }: EntrySample,
    isShared: IsShared,
    claims: Claims,
  ): Generator<void, EntryWeight> {
    this.#sizes.forget();
    const known = new Set<unknown>();
    // What older entries have is not entered again.
    const isKnown: IsShared = (object, labels) => known.has(object) || isShared(object, labels);
    for (const entry of aside) {
      yield;
      for (const value of this.#reach(entry, isKnown).keys()) known.add(value);
    }
    const older: Map<unknown, Reached>[] = [];
    for (const entry of spread) {
      yield;
      older.push(this.#reach(entry, isKnown));
    }
    const olderBytes = sumOfOwn(older, known);
    for (const entry of older) for (const value of entry.keys()) known.add(value);

    const row: Map<unknown, Reached>[] = [];
    for (const entry of newest) {
      yield;
      row.push(this.#reach(entry, isKnown));
    }
    const { least, most, each, overlaps } = bytesOfRow(row, known, claims);
    const slot = SLOT_BYTES[kind];
    const heldBytes =
      older.length === 0 || each === 0 ? least : (olderBytes / older.length) * Math.min(1, least / each);
    const { arrows } = this.#sizes;
    this.#sizes.forget();
    return { bytes: slot + least, mostBytes: slot + most, heldBytes: slot + heldBytes, arrows, overlaps };
  }

  /** Every value that is reached from an entry, the nearest first, with what it takes alone. */
  #reach(entry: EntryValues, isShared: IsShared): Map<unknown, Reached> {
    const reached = new Map<unknown, Reached>();
    const pending: Pending[] = entry.map((value, at) => ({ value, labels: `${at}`, above: ENTRY, times: 1 }));
    const boxed = entry.reduce((sum: number, value) => sum + numberBytes(value), 0);
    // Numbers have no identity: those of an entry are counted as its own.
    if (boxed > 0) reached.set(entry, { least: boxed, most: boxed, times: 1 });
    this.#sizes.beginEntry();
    for (let at = 0; at < pending.length && reached.size < MOST_VALUES; at += 1) {
      const { value, labels, above, times: many } = pending[at]!;
      if (value === null || value === undefined) continue;
      const times = above.times * many;
      const before = reached.get(value);
      // What several elements of a sampled array have is one thing and not many.
      if (before) before.times = Math.min(before.times, 1);
      else if (typeof value === 'string') reached.set(value, { ...textBytes(value), times });
      else if (typeof value === 'object' || typeof value === 'function') {
        if (isShared(value, labels)) continue;
        const isRoot = !labels.includes('.');
        const one = { ...ENTRY, times };
        const bytes = this.#sizes.of(value, (below, label, times = 1) => {
          if (!isSized(below) || (isRoot && this.#isLink(value, label, below))) return;
          pending.push({ value: below, labels: `${labels}.${label}`, above: one, times });
        });
        reached.set(value, Object.assign(one, bytes));
      }
    }
    return reached;
  }

  /** Whether an entry refers to the next one by a property, as that one does again: it is another entry. */
  #isLink(entry: object, key: string, value: unknown): boolean {
    if (!this.#reflection.isReadable(entry) || !this.#isAlike(entry, value)) return false;
    return this.#isAlike(entry, valueAt(value, key));
  }

  #isAlike(one: object, other: unknown): other is object {
    if (!isObject(other) || Array.isArray(other) || !this.#reflection.isReadable(other)) return false;
    const className = this.#reflection.classOf(one);
    if (this.#reflection.classOf(other) !== className) return false;
    if (!PLAIN.has(className)) return true;
    if (className !== 'Object') return false;
    const [keys, others] = [ownKeysOf(one), ownKeysOf(other)];
    return (
      keys.length === others.length &&
      keys.length <= COMPARED_KEYS &&
      keys.length > 1 &&
      keys.every((key, at) => key === others[at])
    );
  }
}

const isSized = (value: unknown): boolean =>
  value !== null && (typeof value === 'object' || typeof value === 'function' || typeof value === 'string');

/** The sum of what only one of the entries has, and none of the known ones. */
function sumOfOwn(entries: Map<unknown, Reached>[], known: ReadonlySet<unknown>): number {
  const occurrences = new Map<unknown, number>();
  for (const entry of entries)
    for (const value of entry.keys()) occurrences.set(value, (occurrences.get(value) ?? 0) + 1);
  let sum = 0;
  for (const entry of entries) {
    for (const [value, { least, times }] of entry)
      if (!known.has(value) && occurrences.get(value) === 1) sum += least * times;
  }
  return sum;
}

/** What each entry of a row takes, after its first. */
interface RowBytes extends Bytes {
  /** Where what several have is counted for each of them. */
  each: number;
  overlaps: Map<number, number>;
}

function bytesOfRow(row: Map<unknown, Reached>[], known: ReadonlySet<unknown>, claims: Claims): RowBytes {
  const seen = new Set<unknown>(row.length > 1 ? row[0]?.keys() : []);
  const counted = row.length > 1 ? row.slice(1) : row;
  const count = Math.max(1, counted.length);
  const sums: RowBytes = { least: 0, most: 0, each: 0, overlaps: new Map() };
  for (const entry of counted) {
    for (const [value, { least, most, times }] of entry) {
      if (known.has(value)) {
        if (typeof value === 'string') sums.most += (most * times) / count; // equal texts may be copies
        continue;
      }
      const bytes = (least * times) / count;
      const isNew = !seen.has(value);
      seen.add(value);
      sums.each += bytes;
      if (isNew) sums.least += bytes;
      if (isNew || typeof value === 'string') sums.most += (most * times) / count;
      if (!isNew || value === null || (typeof value !== 'object' && typeof value !== 'function')) continue;
      const claimer = claims.claimerOf(value);
      if (claimer === undefined) claims.claim(value);
      else sums.overlaps.set(claimer, (sums.overlaps.get(claimer) ?? 0) + bytes);
    }
  }
  return sums;
}
