import type { MemorySource } from '../malloc/memory.js';
import type { Libraries } from '../symbols/libraries.js';
import { BlockList } from './block-list.js';
import { type Content, CONTENT_BYTES, contentOf, type Pointer, pointersIn } from './content.js';

/** A type or variable of a library. */
export interface SymbolName {
  name: string;
  /** The file's name, such as `node`. */
  library: string;
}

/** Blocks of one size, and as far as that can be seen of one kind, that became more. */
export interface GrownBlocks {
  /** Bytes of each block, with malloc's own eight. */
  blockBytes: number;
  /** How many more there are. */
  gained: number;
  /** Their class, where their first word is its table of virtual functions. */
  type: SymbolName | null;
  /** Otherwise, the first class of which they have an object inside. */
  contains: SymbolName | null;
  /** Otherwise, the first function or variable of a library that they point to. */
  pointsTo: SymbolName | null;
  /** Where they are text, the beginning of one: data of the program. */
  text: string | null;
  /** Where some of them are. */
  addresses: number[];
}

const HEADER_BYTES = 16;
/** What malloc needs of each block for itself. */
const OWN_BYTES = 8;
/** Sizes that gained less than this share of all are left out, and so are those after the first ones. */
const LEAST_SHARE = 0.0002;
const MOST_SIZES = 64;
const FEWEST_GAINED = 4;
/** So many new blocks of each size are read. */
const SAMPLE = 192;
const MOST_NEW = 2_048;
/** What fewer of the new blocks of a size are is not counted as a kind of its own. */
const LEAST_OF_SIZE = 0.1;

/** Blocks at two moments, and at the one at which they are read: sorted lists. */
interface Moments {
  before: BlockList;
  after: BlockList;
  now: BlockList;
}

/**
 * The blocks that became more between two moments, those that take most first. How many is counted; what they are is
 * read of a sample of those that were new at the second, and are still there.
 */
export function grownBlocks(memory: MemorySource, libraries: Libraries, moments: Moments): GrownBlocks[] {
  const sizes = grownSizes(moments.before, moments.after);
  const fresh = newOf(sizes, moments);
  const read = sizes.map((grown) => readSample(memory, libraries, grown, fresh.get(grown.size) ?? []));
  const names = libraries.namesOf(
    read.flatMap(({ blocks }) => blocks.flatMap(({ pointers }) => pointers.map(({ address }) => address))),
  );
  return read
    .flatMap(({ grown, blocks }) => {
      const contents = blocks.map(({ address, bytes, pointers }) => ({
        address,
        content: contentOf(bytes, pointers, names),
      }));
      return kindsOfSize(grown, contents);
    })
    .toSorted((a, b) => b.gained * b.blockBytes - a.gained * a.blockBytes);
}

interface GrownSize {
  size: number;
  gained: number;
}

function grownSizes(before: BlockList, after: BlockList): GrownSize[] {
  const grown = Array.from(after.counts, ([size, count]) => ({
    size,
    gained: count - (before.counts.get(size) ?? 0),
  })).filter(({ gained }) => gained >= FEWEST_GAINED);
  const total = grown.reduce((sum, { size, gained }) => sum + size * gained, 0);
  return grown
    .filter(({ size, gained }) => size * gained >= LEAST_SHARE * total)
    .toSorted((a, b) => b.size * b.gained - a.size * a.gained)
    .slice(0, MOST_SIZES);
}

/** Where new blocks of these sizes are; of many, some, from all over memory. */
function newOf(sizes: readonly GrownSize[], { before, after, now }: Moments): ReadonlyMap<number, number[]> {
  const fresh = new Map(sizes.map(({ size }) => [size, new BlockList(MOST_NEW)]));
  after.without(before, (address, size) => {
    const list = fresh.get(size);
    if (list && (after === now || now.sizeAt(now.indexOf(address)) === size)) list.add(address, size);
  });
  return new Map(Array.from(fresh, ([size, list]) => [size, list.some(SAMPLE)]));
}

interface ReadBlock {
  address: number;
  bytes: Uint8Array;
  pointers: Pointer[];
}

function readSample(
  memory: MemorySource,
  libraries: Libraries,
  grown: GrownSize,
  addresses: readonly number[],
): { grown: GrownSize; blocks: ReadBlock[] } {
  const blocks = addresses.flatMap((address): ReadBlock[] => {
    const bytes = new Uint8Array(Math.min(CONTENT_BYTES, grown.size - OWN_BYTES));
    const length = memory.read(address + HEADER_BYTES, bytes);
    if (length < bytes.length) return [];
    return [{ address, bytes, pointers: pointersIn(bytes, libraries) }];
  });
  return { grown, blocks };
}

interface Sampled {
  address: number;
  content: Content;
}

/** The new blocks of a size by what they are: their gain is shared out as the sample says. */
function kindsOfSize({ size, gained }: GrownSize, sampled: readonly Sampled[]): GrownBlocks[] {
  const none = { blockBytes: size, type: null, contains: null, pointsTo: null, text: null };
  if (sampled.length === 0) return [{ ...none, gained, addresses: [] }];
  const kinds = grouped(sampled);
  const isSmall = (some: readonly Sampled[]): boolean => some.length < LEAST_OF_SIZE * sampled.length;
  const rest = [...kinds].flatMap(([key, some]) => (key === '' || isSmall(some) ? some : []));
  const known = [...kinds].filter(([key, some]) => key !== '' && !isSmall(some));
  const share = (some: readonly Sampled[]): number => (gained * some.length) / sampled.length;
  const addresses = (some: readonly Sampled[]): number[] => some.map(({ address }) => address);
  const grown = known.map(([, some]): GrownBlocks =>
    Object.assign(symbolsOf(some[0]!.content), {
      blockBytes: size,
      gained: share(some),
      addresses: addresses(some),
    }),
  );
  if (!isSmall(rest)) grown.push({ ...none, gained: share(rest), addresses: addresses(rest) });
  return grown;
}

function grouped(sampled: readonly Sampled[]): Map<string, Sampled[]> {
  const groups = new Map<string, Sampled[]>();
  for (const one of sampled) {
    const key = keyOf(one.content);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

function keyOf({ type, contains, pointsTo, text }: Content): string {
  if (type) return `is ${type.library} ${type.name}`;
  if (contains) return `in ${contains.library} ${contains.name}`;
  if (pointsTo) return `to ${pointsTo.library} ${pointsTo.name}`;
  return text === null ? '' : 'text';
}

function symbolsOf({
  type,
  contains,
  pointsTo,
  text,
}: Content): Omit<GrownBlocks, 'blockBytes' | 'gained' | 'addresses'> {
  return { type: nameOf(type), contains: nameOf(contains), pointsTo: nameOf(pointsTo), text };
}

function nameOf(one: Content['type']): SymbolName | null {
  return one && { name: one.name, library: one.library };
}
