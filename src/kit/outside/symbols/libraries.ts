import type { Mapping } from '../mappings.js';
import { type FileSource, readElf } from './elf.js';
import { readName } from './demangle.js';
import { firstFrom, type Found, symbolsAt } from './lookup.js';

/** What an address in a library is. */
export interface Named {
  /** In words, such as `node::crypto::Hash`. */
  name: string;
  /** The file's name, such as `node` or `addon.node`. */
  library: string;
  /** Bytes from the beginning of what has the name. */
  offset: number;
  isVtable: boolean;
  isFunction: boolean;
}

/** Opens the file of a mapping; null where it cannot be read. */
export type OpenLibrary = (path: string) => (FileSource & { close(): void }) | null;

interface Stretch {
  start: number;
  end: number;
  path: string;
}

const MOST_LIBRARIES = 64;

/** The programs and libraries that a process has mapped: what lies at an address of theirs. */
export class Libraries {
  private readonly stretches: Stretch[];
  private readonly starts: Float64Array;

  constructor(
    mappings: readonly Mapping[],
    private readonly open: OpenLibrary,
  ) {
    this.stretches = stretchesOf(mappings);
    this.starts = Float64Array.from(this.stretches, ({ start }) => start);
  }

  /** The path of the library at an address; null where there is none. */
  pathAt(address: number): string | null {
    const at = firstFrom(this.starts, address + 1) - 1;
    const stretch = this.stretches[at];
    return stretch && address < stretch.end ? stretch.path : null;
  }

  /** The names of those addresses that have one. Each library is read once. */
  namesOf(addresses: Iterable<number>): Map<number, Named> {
    const byPath = new Map<string, number[]>();
    for (const address of addresses) {
      const path = this.pathAt(address);
      if (path === null || (!byPath.has(path) && byPath.size === MOST_LIBRARIES)) continue;
      byPath.set(path, [...(byPath.get(path) ?? []), address]);
    }
    return new Map([...byPath].flatMap(([path, some]) => this.namesIn(path, some)));
  }

  private namesIn(path: string, addresses: readonly number[]): [number, Named][] {
    const file = this.open(path);
    if (file === null) return [];
    try {
      const elf = readElf(file);
      if (elf === null) return [];
      const bias = elf.lowestAddress === null ? 0 : this.lowestOf(path) - elf.lowestAddress;
      const found = symbolsAt(
        file,
        elf,
        addresses.map((address) => address - bias),
        isSame,
      );
      return addresses.flatMap((address) => {
        const named = inWords(found.get(address - bias), libraryName(path));
        return named === null ? [] : [[address, named] as [number, Named]];
      });
    } finally {
      file.close();
    }
  }

  private lowestOf(path: string): number {
    return this.stretches.find((one) => one.path === path)?.start ?? 0;
  }
}

/** Mappings of files, each with the anonymous one behind it: variables without a value in the file. */
function stretchesOf(mappings: readonly Mapping[]): Stretch[] {
  const sorted = mappings.toSorted((a, b) => a.start - b.start);
  return sorted.flatMap(({ start, end, path, permissions }, at): Stretch[] => {
    const before = sorted[at - 1];
    const isBehind = path === '' && permissions.startsWith('rw') && before?.end === start;
    const file = isBehind ? before.path : path;
    return isLibrary(file) && !permissions.startsWith('---') ? [{ start, end, path: file }] : [];
  });
}

/** A file that is mapped and deleted cannot be read any more by its path. */
const isLibrary = (path: string): boolean =>
  path.startsWith('/') && !path.startsWith('/dev/') && !path.endsWith(' (deleted)');

const libraryName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function inWords(found: Found | undefined, library: string): Named | null {
  const read = found && readName(found.name);
  if (!found || !read) return null;
  const { offset, isFunction } = found;
  return { name: read.name, library, offset, isVtable: read.isVtable, isFunction };
}

/** Constructors have several symbols at one address, which are the same in words. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [readName(a), readName(b)];
  return one !== null && one.name === other?.name && one.isVtable === other.isVtable;
}
