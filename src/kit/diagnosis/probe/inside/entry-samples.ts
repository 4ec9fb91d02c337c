import { type EntrySample, type EntryValues } from './entry-weight.js';
import { type Reflection, sizeOf, valueAt } from './reflect.js';
import type { ContainerValue } from './walk-result.js';

/** Entries of each part of a sample. Of so many neighbours, most share what one request brought with others of them. */
const NEWEST = 17;
const SPREAD = 8;
const OLDEST = 4;
/** How far before the newest ones two more are taken: what reaches so far is shared by many. */
const BEFORE = [2 * NEWEST, 4 * NEWEST];
/** Entries that an iterator passes at once: less than a millisecond of work. */
const PASSED_AT_ONCE = 10_000;
/** Of an array, which may have free slots: how many are read at its end, and as many all over it. */
const SLOTS_READ = 64;
const LINKS_READ = 4 * NEWEST;

const NO_SAMPLE: EntrySample = { newest: [], spread: [], aside: [] };

/**
 * Samples the entries of a container over its whole order, the newest above all: they are what it gained. A Map and a
 * Set are passed through to their end, which takes 10 to 50 ns per entry; yields in between.
 */
export function* sampleOf(container: ContainerValue, reflection: Reflection): Generator<void, EntrySample> {
  const { kind, object } = container;
  switch (kind) {
    case 'Map':
      return yield* passed(Map.prototype.keys.call(object), sizeOf(object, true), (key) => [
        key,
        Map.prototype.get.call(object, key),
      ]);
    case 'Set':
      return yield* passed(Set.prototype.values.call(object), sizeOf(object, false), (value) => [value]);
    case 'Object': {
      const keys = Reflect.ownKeys(object);
      return pickedOf(keys.length, (at) => [keys[at], valueAt(object, keys[at]!)]);
    }
    case 'Array':
      return slotsOf(object);
    case 'List':
      return yield* linksOf(object, container.link, reflection);
    case 'Buffer':
    case 'String':
      return NO_SAMPLE;
  }
}

/** Positions of a sample among so many entries. */
interface Positions {
  newest: number[];
  spread: number[];
  aside: number[];
}

function positionsIn(count: number): Positions {
  // Of a few entries, the first half tells what all have in common.
  const newest = Math.min(NEWEST, Math.ceil(count / 2));
  const rest = count - newest;
  const spread = Math.min(SPREAD, rest);
  const aside = [
    ...upTo(Math.min(OLDEST, rest)),
    ...BEFORE.map((back) => rest - back).filter((at) => at >= 0),
  ];
  return {
    newest: upTo(newest).map((at) => rest + at),
    spread: upTo(spread).map((at) => Math.floor(((at + 0.5) * rest) / spread)),
    aside,
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

function sampleAt({ newest, spread, aside }: Positions, entryAt: (at: number) => EntryValues[]): EntrySample {
  return {
    newest: newest.flatMap(entryAt),
    spread: spread.flatMap(entryAt),
    aside: aside.flatMap(entryAt),
  };
}

function pickedOf(count: number, entryAt: (at: number) => EntryValues): EntrySample {
  return sampleAt(positionsIn(count), (at) => [entryAt(at)]);
}

/** Passes through a collection once. The program may change it meanwhile: its iterators allow for that. */
function* passed<Item>(
  items: Iterator<Item>,
  count: number,
  entryOf: (item: Item) => EntryValues,
): Generator<void, EntrySample> {
  const positions = positionsIn(count);
  const wanted = new Set(Object.values<number[]>({ ...positions }).flat());
  const entries = new Map<number, EntryValues>();
  for (let at = 0; at < count; at += 1) {
    if (at % PASSED_AT_ONCE === 0) yield;
    const { done, value } = items.next();
    if (done === true) break;
    if (wanted.has(at)) entries.set(at, entryOf(value));
  }
  return sampleAt(positions, (at) => {
    const entry = entries.get(at);
    return entry ? [entry] : [];
  });
}

/** An array may have free slots: new entries are at its end, or else anywhere. */
function slotsOf(array: unknown[]): EntrySample {
  const { length } = array;
  const entryAt = (at: number): EntryValues[] => {
    const value = valueAt(array, at);
    return value === undefined || value === null ? [] : [[value]];
  };
  const sample = sampleAt(positionsIn(length), entryAt);
  if (sample.newest.length > 0) return sample;
  const anywhere = upTo(SLOTS_READ).flatMap((at) => entryAt(Math.floor((at * length) / SLOTS_READ)));
  return { newest: anywhere.slice(-NEWEST), spread: [], aside: anywhere.slice(0, -NEWEST).slice(0, SPREAD) };
}

/** The first links are as good as the newest. */
function* linksOf(head: object, link: string, reflection: Reflection): Generator<void, EntrySample> {
  const links: object[] = [];
  for (let at: unknown = head; reflection.isReadable(at) && links.length < LINKS_READ; at = valueAt(at, link))
    links.push(at);
  yield;
  return pickedOf(links.length, (at) => [links[links.length - 1 - at]]);
}
