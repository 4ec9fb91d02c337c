import { closeSync, openSync, readSync } from 'node:fs';
import { allocatorOf } from '../allocator.js';
import { walkOf } from '../malloc/allocators.js';
import { type Mapping, parseMappings } from '../mappings.js';
import { ProcessMemory, procText } from '../proc.js';
import { Libraries, type OpenLibrary } from '../symbols/libraries.js';
import { BlockList } from './block-list.js';
import { type FoundBlocks, withRetainers } from './found.js';
import { grownBlocks } from './grown.js';
import type { BlockChange } from './history.js';
import type { ReadPageMap } from './places.js';
import type { SearchLimits } from './scan.js';

/** The blocks of a process at one moment, and where its libraries were. */
export interface BlockLook {
  blocks: BlockList;
  mappings: readonly Mapping[];
}

/** A thread that allocates meanwhile makes a walk lose its place. */
const ATTEMPTS = 3;

/** Null where the blocks cannot be read: another allocator, another user, or memory that changed at each attempt. */
export function lookAtBlocks(pid: number): BlockLook | null {
  const memory = ProcessMemory.open(pid);
  if (memory === null) return null;
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const mapped = parseMappings(procText(pid, 'maps') ?? '');
      const walk = walkOf(allocatorOf(mapped));
      if (walk === null) return null;
      const blocks = new BlockList();
      const { lost, mappings } = walk(memory, mapped, blocks.see);
      if (lost > 0) continue;
      blocks.sort();
      return { blocks, mappings };
    }
    return null;
  } finally {
    memory.close();
  }
}

/**
 * What pointers to the blocks are searched for costs at most this. Measured: 0.8 ms of processor time for each megabyte that is
 * in memory, and three to eight steps; beyond, what was not found by then is unclear.
 */
const SEARCH: SearchLimits = { bytes: 4e9, cpuMs: 4_000, ms: 15_000 };

/**
 * What became more, and what retains it; empty where the memory cannot be read any more.
 *
 * @param now a look at the process, which should be at rest since: what is read of blocks is read now
 */
export function grownBlocksOf(
  pid: number,
  { before, after }: Pick<BlockChange, 'before' | 'after'>,
  now: BlockLook,
): FoundBlocks[] {
  const memory = ProcessMemory.open(pid);
  if (memory === null) return [];
  const pages = openPageMap(pid);
  try {
    const { mappings, blocks } = now;
    const libraries = new Libraries(mappings, opener(pid));
    const grown = grownBlocks(memory, libraries, { before, after, now: blocks });
    const read = { memory, mappings, libraries, readPageMap: pages.read };
    return withRetainers(read, blocks, grown, SEARCH);
  } finally {
    pages.close();
    memory.close();
  }
}

const PAGE_BYTES = 4096;
const ENTRY_BYTES = 8;

/** Which pages are in memory. Where that may not be read, it is not known of any. */
function openPageMap(pid: number): { read: ReadPageMap; close(): void } {
  try {
    const file = openSync(`/proc/${pid}/pagemap`, 'r');
    return {
      read: (address, buffer) => readAt(file, (address / PAGE_BYTES) * ENTRY_BYTES, buffer),
      close: () => closeSync(file),
    };
  } catch {
    return { read: () => 0, close: () => {} };
  }
}

/** Opens files as the process sees them, which may be in a container. */
function opener(pid: number): OpenLibrary {
  return (path) => {
    try {
      const file = openSync(`/proc/${pid}/root${path}`, 'r');
      return {
        read: (offset, buffer) => readAt(file, offset, buffer),
        close: () => closeSync(file),
      };
    } catch {
      return null;
    }
  };
}

function readAt(file: number, offset: number, buffer: Uint8Array): number {
  if (!(offset >= 0 && offset < 2 ** 52)) return 0;
  try {
    return readSync(file, buffer, 0, buffer.length, offset);
  } catch {
    return 0;
  }
}
