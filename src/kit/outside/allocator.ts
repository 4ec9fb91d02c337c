import type { Allocator } from './ledger.js';
import type { Mapping } from './mappings.js';

const PRELOADED: readonly [library: RegExp, allocator: Allocator][] = [
  [/\/libjemalloc[^/]*$/, 'jemalloc'],
  [/\/libtcmalloc[^/]*$/, 'tcmalloc'],
  [/\/(lib)?mimalloc[^/]*$/, 'mimalloc'],
  // The library of musl is its loader as well, and is called `libc.so` where a link has the name of the loader.
  [/\/((ld-musl|libc\.musl)-[^/]*|libc\.so)$/, 'musl'],
  [/\/libc(\.so\.6|-[\d.]+\.so)$/, 'glibc'],
];

/** The allocator of a process, by the libraries that it has mapped: one that is preloaded takes precedence. */
export function allocatorOf(mappings: readonly Mapping[]): Allocator {
  const found = PRELOADED.find(([library]) => mappings.some(({ path }) => library.test(path)));
  return found?.[1] ?? 'unknown';
}
