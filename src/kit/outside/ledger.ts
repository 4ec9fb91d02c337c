import type { MemoryKind } from './memory-kinds.js';

/** How many of something the process has: open files by kind, threads, children, contexts, handles by type. */
export type CounterCode =
  | 'files'
  | 'sockets'
  | 'pipes'
  | 'watches'
  | 'other-descriptors'
  | 'threads'
  | 'children'
  | 'contexts'
  | 'webassembly-memories'
  | `handles:${string}`;

/** The memory of a process that is not V8's heap, at one moment. What could not be read is absent or null. */
export interface Ledger {
  counts: Partial<Record<CounterCode, number>>;
  /** Resident set by kind; null where reading it would take too long, or the system has none. */
  resident: Record<MemoryKind, { rssBytes: number; pssBytes: number }> | null;
  /** Blocks of malloc in use and free; null where its memory cannot be read. */
  malloc: { inUseBytes: number; freeBytes: number; blocks: number } | null;
  /** WebAssembly memories, as large as they are without growing. */
  webAssemblyBytes: number | null;
  /** Memory of child processes that they do not share with others. */
  childrenBytes: number | null;
}

/** Of those that are preloaded, only the resident set is known. `libmalloc` is that of macOS. */
export type Allocator = 'glibc' | 'musl' | 'libmalloc' | 'jemalloc' | 'tcmalloc' | 'mimalloc' | 'unknown';

/** A count, where it is known. */
export function counted(code: CounterCode, count: number | undefined): Ledger['counts'] {
  return count === undefined ? {} : { [code]: count };
}
