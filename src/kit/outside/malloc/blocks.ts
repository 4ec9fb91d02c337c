import type { MemoryWindow } from './memory.js';

/*
 * Blocks of glibc's malloc (malloc/malloc.c, "malloc_chunk"). A block begins with two words: the size of the block
 * before, if that one is free, and its own size. Sizes are multiples of 16, and the three lowest bits are flags.
 */

const PREVIOUS_IN_USE = 1;
export const IS_MMAPPED = 2;
export const HEADER_BYTES = 16;
const ALIGNMENT = 16;
const SMALLEST_BYTES = 32;

/** What a walk has counted. */
export interface Tally {
  inUseBytes: number;
  freeBytes: number;
  /** Blocks in use. */
  blocks: number;
  /** Blocks in use by size in bytes; of sizes beyond `MOST_SIZES`, none. */
  bySize: Map<number, number>;
}

export const newTally = (): Tally => ({ inUseBytes: 0, freeBytes: 0, blocks: 0, bySize: new Map() });

/** Leaks have few sizes; a program has thousands. */
const MOST_SIZES = 20_000;

export function countBlock(tally: Tally, size: number): void {
  tally.inUseBytes += size;
  tally.blocks += 1;
  const before = tally.bySize.get(size);
  if (before !== undefined || tally.bySize.size < MOST_SIZES) tally.bySize.set(size, (before ?? 0) + 1);
}

export const sizeIn = (word: number): number => word - (word % 8);
const flagsIn = (word: number): number => word % 8;

/** Sees a block in use. */
export type Visit = (address: number, size: number) => void;

/**
 * Walks the blocks from one address to another. Whether a block is in use is written in the one after it. The last
 * block of an arena, the top, is free.
 *
 * @returns where the walk lost its place; null when it arrived at the end
 */
export function walkBlocks(
  memory: MemoryWindow,
  from: number,
  to: number,
  tally: Tally,
  visit?: Visit,
): number | null {
  let at = from;
  let word = memory.word(at + 8);
  while (at < to) {
    const size = sizeIn(word);
    // Two headers of 16 bytes close a heap that is not the last of its arena.
    if (size === HEADER_BYTES && to - at <= 2 * HEADER_BYTES) return null;
    if (!(size >= SMALLEST_BYTES && size % ALIGNMENT === 0 && at + size <= to))
      return size === 0 && at > from ? ended(at, to) : at;
    if (at + size === to) {
      tally.freeBytes += size;
      return null;
    }
    const next = memory.word(at + size + 8);
    if (Number.isNaN(next)) return at;
    if (flagsIn(next) & PREVIOUS_IN_USE) {
      countBlock(tally, size);
      visit?.(at, size);
    } else tally.freeBytes += size;
    at += size;
    word = next;
  }
  return null;
}

/** A heap may end with a header of size zero, and less than a page that is not used. */
function ended(at: number, to: number): number | null {
  return to - at < 4096 ? null : at;
}
