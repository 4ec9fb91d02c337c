import type { Allocator } from './ledger.js';
import type { Mapping } from './mappings.js';

const PRELOADED: readonly [library: RegExp, allocator: Allocator][] = [
  [/\/libjemalloc[^/]*$/, 'jemalloc'],
  [/\/libtcmalloc[^/]*$/, 'tcmalloc'],
  [/\/(lib)?mimalloc[^/]*$/, 'mimalloc'],
  [/\/(ld-musl|libc\.musl)-[^/]*$/, 'musl'],
  [/\/libc(-[\d.]+)?\.so(\.6)?$/, 'glibc'],
];

/** The allocator of a process, by the libraries that it has mapped: one that is preloaded takes precedence. */
export function allocatorOf(mappings: readonly Mapping[]): Allocator {
  const found = PRELOADED.find(([library]) => mappings.some(({ path }) => library.test(path)));
  return found?.[1] ?? 'unknown';
}
