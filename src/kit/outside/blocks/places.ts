import type { Mapping } from '../mappings.js';
import { kindsOf } from '../memory-kinds.js';
import type { Libraries } from '../symbols/libraries.js';
import type { BlockList } from './block-list.js';
import type { Stretch } from './scan.js';

/** Where a pointer was found. */
export type Place = 'javascript' | 'library' | 'stack' | 'block' | 'free' | 'other';

const PAGE_BYTES = 4096;
const ENTRY_BYTES = 8;
/** Of mappings that are larger than this together, only the first are looked at: reservations have terabytes. */
const MOST_BYTES = 64 * 1024 ** 3;
const PIECE_BYTES = 1024 ** 3;
/** Pages that are in memory and have none beside them are few. */
const MOST_STRETCHES = 500_000;

/** Reads entries of `/proc/PID/pagemap`, 8 bytes for each page from an address. */
export type ReadPageMap = (address: number, buffer: Uint8Array) => number;

/** Memory in which pointers to blocks can stand, and what lies at its addresses. */
export class Places {
  /** False where a mapping was too large to be searched whole, or parts of it are swapped out. */
  isWhole = true;
  private readonly searched: { mapping: Mapping; place: Place }[];

  constructor(
    mappings: readonly Mapping[],
    private readonly libraries: Libraries,
    private readonly list: BlockList,
  ) {
    const kinds = kindsOf(mappings);
    this.searched = mappings
      .map((mapping, at) => ({ mapping, place: this.placeOf(mapping, kinds[at]) }))
      .filter(({ mapping }) => mapping.permissions.startsWith('rw') && mapping.permissions.endsWith('p'))
      .toSorted((a, b) => a.mapping.start - b.mapping.start);
  }

  private placeOf({ start }: Mapping, kind: ReturnType<typeof kindsOf>[number] | undefined): Place {
    if (this.libraries.pathAt(start) !== null) return 'library';
    if (kind === 'v8-heap') return 'javascript';
    if (kind === 'thread-stacks') return 'stack';
    // Of the arenas of malloc, what is in no block is free.
    return kind === 'malloc' ? 'free' : 'other';
  }

  at(address: number): Place {
    if (this.list.indexAround(address) >= 0) return 'block';
    let [low, high] = [0, this.searched.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.searched[middle]!.mapping.start <= address) low = middle + 1;
      else high = middle;
    }
    const place = this.searched[low - 1]?.place ?? 'other';
    // Which blocks are in use is not known of all of them.
    return place === 'free' && !this.list.isWhole ? 'block' : place;
  }

  /** The pages that are in memory: reading others would make the kernel provide them. */
  stretches(readPageMap: ReadPageMap): Stretch[] {
    const found: Stretch[] = [];
    let left = MOST_BYTES;
    for (const { mapping } of this.searched) {
      if (found.length > MOST_STRETCHES) left = 0;
      const end = Math.min(mapping.end, mapping.start + left);
      if (end < mapping.end) this.isWhole = false;
      for (let at = mapping.start; at < end; at += PIECE_BYTES)
        for (const one of this.present(at, Math.min(PIECE_BYTES, end - at), readPageMap)) found.push(one);
      left -= end - mapping.start;
    }
    return found;
  }

  private present(start: number, size: number, readPageMap: ReadPageMap): Stretch[] {
    const entries = new Uint8Array(Math.ceil(size / PAGE_BYTES) * ENTRY_BYTES);
    const length = readPageMap(start, entries);
    if (length < entries.length) return [{ start, end: start + size }]; // not known: all of it
    const found: Stretch[] = [];
    for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
      const flags = entries[at + 7]!;
      if ((flags & 0x40) !== 0) this.isWhole = false; // swapped out
      if ((flags & 0x80) === 0) continue;
      const address = start + (at / ENTRY_BYTES) * PAGE_BYTES;
      const last = found.at(-1);
      if (last?.end === address) last.end += PAGE_BYTES;
      else found.push({ start: address, end: address + PAGE_BYTES });
    }
    return found;
  }
}
