import type { MemorySource } from './memory.js';

/*
 * What musl's malloc notes of its memory (src/malloc/mallocng/meta.h, musl 1.2.1 and later), on 64 bits and little endian.
 * It is apart from the blocks: pages of 4 kB in a list, the first of them the first page of `[heap]` that is not a guard.
 * Each begins with a secret that is the same in all, the address of the next and the number of its entries. An entry is
 * a group of up to 32 slots of one size.
 */

/** Slots of one size, side by side: blocks, and what is free. */
export interface SlotGroup {
  /** A head of 16 bytes, whose first word points to the entry; then come the slots. */
  address: number;
  entry: number;
  slots: number;
  /** A bit for each slot that is in use. */
  used: number;
  /** From one slot to the next. */
  strideBytes: number;
}

const PAGE_BYTES = 4096;
const HEAD_BYTES = 24;
const ENTRY_BYTES = 40;
const ENTRIES = Math.floor((PAGE_BYTES - HEAD_BYTES) / ENTRY_BYTES);
export const UNIT_BYTES = 16;
/** A block with a mapping of its own has no class. */
const NO_CLASS = 63;
/** More pages than 40 GB of blocks of 100 bytes need. */
const MOST_PAGES = 200_000;

/** `size_classes`, in units of 16 bytes. */
const CLASSES = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 25, 31, 36, 42, 50, 63, 72, 84, 102, 127, 146, 170, 204, 255,
  292, 340, 409, 511, 584, 682, 818, 1023, 1169, 1364, 1637, 2047, 2340, 2730, 3276, 4095, 4680, 5460, 6552,
  8191,
];

/** @returns null where what is read is not such a list, or changed meanwhile */
export function readGroups(source: MemorySource, firstPage: number): SlotGroup[] | null {
  const groups: SlotGroup[] = [];
  const page = new DataView(new ArrayBuffer(PAGE_BYTES));
  const seen = new Set<number>();
  let secret: bigint | null = null;
  for (let at = firstPage; at !== 0; at = word(page, 8)) {
    if (seen.size === MOST_PAGES || seen.has(at)) return null;
    seen.add(at);
    if (!readPage(source, at, page)) return null;
    secret ??= page.getBigUint64(0, true);
    if (page.getBigUint64(0, true) !== secret || page.getInt32(16, true) !== ENTRIES) return null;
    for (let entry = 0; entry < ENTRIES; entry += 1) {
      const group = groupAt(page, at, HEAD_BYTES + entry * ENTRY_BYTES);
      if (group === 'impossible') return null;
      if (group) groups.push(group);
    }
  }
  return groups.toSorted((a, b) => a.address - b.address);
}

function readPage(source: MemorySource, at: number, page: DataView): boolean {
  if (!(at > 0 && at < 2 ** 48 && at % PAGE_BYTES === 0)) return false;
  return source.read(at, new Uint8Array(page.buffer)) === PAGE_BYTES;
}

const word = (page: DataView, at: number): number =>
  page.getUint32(at, true) + page.getUint32(at + 4, true) * 2 ** 32;

/** Null for an entry that is not in use: it has no memory. */
function groupAt(page: DataView, start: number, at: number): SlotGroup | 'impossible' | null {
  const address = word(page, at + 16);
  if (address === 0) return null;
  const bits = page.getUint32(at + 32, true);
  const lastSlot = bits & 31;
  const sizeClass = (bits >>> 6) & 63;
  const pages = (bits >>> 12) + page.getUint32(at + 36, true) * 2 ** 20;
  const isAlone = lastSlot === 0 && pages > 0;
  const units = CLASSES[sizeClass];
  if (address % UNIT_BYTES !== 0 || address >= 2 ** 48 || pages >= 2 ** 36) return 'impossible';
  if (units === undefined && !(sizeClass === NO_CLASS && isAlone)) return 'impossible';
  const strideBytes = isAlone ? pages * PAGE_BYTES - UNIT_BYTES : units! * UNIT_BYTES;
  const all = 2 ** (lastSlot + 1) - 1;
  const free = page.getUint32(at + 24, true) | page.getUint32(at + 28, true);
  return {
    address,
    entry: start + at,
    slots: lastSlot + 1,
    used: (all & ~free) >>> 0,
    strideBytes,
  };
}
