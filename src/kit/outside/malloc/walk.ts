import { ARENA_BYTES, kindsOf } from '../memory-kinds.js';
import type { Mapping } from '../mappings.js';
import {
  countBlock,
  HEADER_BYTES,
  IS_MMAPPED,
  newTally,
  sizeIn,
  type Tally,
  type Visit,
  walkBlocks,
} from './blocks.js';
import { type MemorySource, MemoryWindow } from './memory.js';

/** All of malloc in one process. */
export interface MallocUse extends Tally {
  /** Arenas, groups or mappings that the walk could not read to their end: what is in them is not counted, or in part. */
  lost: number;
}

/** The same with the mappings: those are marked of which only the walk can tell that they are malloc's. */
export interface Walked extends MallocUse {
  mappings: readonly Mapping[];
}

const PAGE_BYTES = 4096;
/** Of a mapping that is not malloc's, so many pages are looked at for a block that begins there. */
const MOST_PAGES_SEARCHED = 256;

/**
 * Walks every block that glibc's malloc knows of: the main arena, the arenas of threads, and the large blocks that have a
 * mapping of their own. Memory may change meanwhile: a walk that loses its place stops there and says so.
 *
 * @param visit sees each block in use
 */
export function walkMalloc(source: MemorySource, mappings: readonly Mapping[], visit?: Visit): MallocUse {
  const memory = new MemoryWindow(source);
  const headers = new MemoryWindow(source, HEADER_BYTES);
  const tally = newTally();
  let lost = 0;
  const kinds = kindsOf(mappings);
  for (const [at, mapping] of mappings.entries()) {
    const kind = kinds[at];
    if (mapping.path === '[heap]') lost += Number(!isMainArenaWalked(memory, mapping, tally, visit));
    else if (kind === 'malloc') lost += walkArena(memory, mapping, tally, visit);
    else if (kind === 'anonymous' || kind === 'v8-heap')
      walkMapped(headers, mapping, kind === 'anonymous' ? MOST_PAGES_SEARCHED : 1, { tally, visit });
  }
  return { ...tally, lost };
}

function isMainArenaWalked(
  memory: MemoryWindow,
  { start, end }: Mapping,
  tally: Tally,
  visit: Visit | undefined,
): boolean {
  return walkBlocks(memory, start, end, tally, visit) === null;
}

/**
 * Where the blocks of a thread's arena begin, after `heap_info` and, in the first heap of an arena, `malloc_state`. Both
 * grew with the versions of glibc (2.26 to 2.41), so the walk that arrives tells which it is.
 */
const FIRST_HEAP_OFFSETS = [0x8d0, 0x8c0, 0x8b0, 0x8a0, 0x8e0, 0x900];
const LATER_HEAP_OFFSETS = [0x30, 0x20, 0x40];

/** @returns how many heaps could not be walked to the end */
function walkArena(memory: MemoryWindow, mapping: Mapping, tally: Tally, visit: Visit | undefined): number {
  let lost = 0;
  for (let heap = mapping.start; heap < mapping.end; heap += ARENA_BYTES) {
    const [arena, previous, size] = [0, 8, 16].map((offset) => memory.word(heap + offset)) as [
      number,
      number,
      number,
    ];
    const isHeap = arena > 0 && size > 0 && size <= ARENA_BYTES && size % PAGE_BYTES === 0;
    if (!isHeap) {
      lost += 1;
      continue;
    }
    const isFirst = arena >= heap && arena < heap + PAGE_BYTES && previous === 0;
    const end = Math.min(heap + size, mapping.end);
    if (!isHeapWalked({ memory, tally, visit }, heap, end, isFirst ? FIRST_HEAP_OFFSETS : LATER_HEAP_OFFSETS))
      lost += 1;
  }
  return lost;
}

interface Walk {
  memory: MemoryWindow;
  tally: Tally;
  visit: Visit | undefined;
}

function isHeapWalked(
  { memory, tally, visit }: Walk,
  heap: number,
  end: number,
  offsets: readonly number[],
): boolean {
  for (const offset of offsets) {
    const tried = newTally();
    if (walkBlocks(memory, heap + offset, end, tried) !== null) continue;
    if (visit) walkBlocks(memory, heap + offset, end, newTally(), visit);
    tally.freeBytes += tried.freeBytes;
    tally.inUseBytes += tried.inUseBytes;
    tally.blocks += tried.blocks;
    for (const [size, count] of tried.bySize) tally.bySize.set(size, (tally.bySize.get(size) ?? 0) + count);
    return true;
  }
  return false;
}

/** Large blocks, side by side in one mapping, each with a header that says so. The kernel joins neighbours. */
function walkMapped(
  memory: MemoryWindow,
  mapping: Mapping,
  mostPages: number,
  { tally, visit }: Pick<Walk, 'tally' | 'visit'>,
): void {
  if (!mapping.permissions.startsWith('rw-')) return;
  let searched = 0;
  for (let at = mapping.start; at < mapping.end && searched < mostPages;) {
    const size = mappedBlockAt(memory, at, mapping.end);
    if (size === 0) {
      searched += 1;
      at += PAGE_BYTES;
      continue;
    }
    countBlock(tally, size);
    visit?.(at, size);
    at += size;
  }
}

/** The size of the block with a mapping of its own that begins here; zero where none does. */
function mappedBlockAt(memory: MemoryWindow, at: number, end: number): number {
  const [before, word] = [memory.word(at), memory.word(at + 8)];
  const size = sizeIn(word);
  const isBlock =
    before === 0 &&
    word - size === IS_MMAPPED &&
    size >= PAGE_BYTES &&
    size % PAGE_BYTES === 0 &&
    at + size <= end;
  return isBlock ? size : 0;
}
