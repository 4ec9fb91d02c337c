import { type Mapping, sizeOf } from './mappings.js';

/** What a mapping is used for. */
export const memoryKinds = [
  'v8-heap',
  'malloc',
  'anonymous',
  'webassembly',
  'thread-stacks',
  'generated-code',
  'libraries',
  'mapped-files',
  'shared-memory',
  'other',
] as const;
export type MemoryKind = (typeof memoryKinds)[number];

const KIB = 1024;
const MIB = 1024 * KIB;
/** HEAP_MAX_SIZE of glibc on 64 bits: each thread arena reserves so much, aligned to the same. */
export const ARENA_BYTES = 64 * MIB;
/** V8 allocates its pages aligned to this (`kRegularPageSize`). */
const V8_PAGE_BYTES = 256 * KIB;
/** V8 reserves gigabytes around a WebAssembly memory, so that an index of 32 bits cannot leave it. */
const WEBASSEMBLY_GUARD_BYTES = 2e9;
const WEBASSEMBLY_PAGE_BYTES = 64 * KIB;
/** The guard page below the stack of a thread. */
const STACK_GUARD_BYTES = 64 * KIB;
const LIBRARY = /\.so(\.[\d.]+)?( \(deleted\))?$|\.node( \(deleted\))?$|\/node[\w.-]*( \(deleted\))?$/;

/** The kinds of these mappings, in their order. What a mapping is depends on its neighbours as well. */
export function kindsOf(mappings: readonly Mapping[]): MemoryKind[] {
  return mappings.map((mapping, at) => kindOf(mapping, mappings[at - 1], mappings[at + 1]));
}

function kindOf(mapping: Mapping, before: Mapping | undefined, after: Mapping | undefined): MemoryKind {
  const { path, permissions } = mapping;
  if (permissions.startsWith('---')) return 'other';
  if (path === '[heap]') return 'malloc';
  if (path.startsWith('[stack')) return 'thread-stacks';
  if (path.startsWith('[anon:')) return 'anonymous';
  if (path.startsWith('[')) return 'other';
  if (permissions.endsWith('s') || /^\/(dev\/(shm|zero)|memfd:|SYSV)/.test(path))
    return path.startsWith('/dev/') || !path.startsWith('/') || /^\/(memfd:|SYSV)/.test(path)
      ? 'shared-memory'
      : 'mapped-files';
  if (path !== '') return LIBRARY.test(path) || permissions.includes('x') ? 'libraries' : 'mapped-files';
  return anonymousKind(mapping, before, after);
}

function anonymousKind(
  mapping: Mapping,
  before: Mapping | undefined,
  after: Mapping | undefined,
): MemoryKind {
  if (mapping.permissions.includes('x')) return 'generated-code';
  const guard = before && isReserved(before) && before.end === mapping.start ? sizeOf(before) : 0;
  if (guard >= WEBASSEMBLY_GUARD_BYTES) return 'webassembly';
  if (mapping.isMalloc || isThreadArena(mapping, after)) return 'malloc';
  if (guard > 0 && guard <= STACK_GUARD_BYTES && sizeOf(mapping) >= STACK_GUARD_BYTES) return 'thread-stacks';
  return mapping.start % V8_PAGE_BYTES === 0 ? 'v8-heap' : 'anonymous';
}

/** Where heaps of one arena lie side by side, the kernel shows them as one mapping. */
function isThreadArena(mapping: Mapping, after: Mapping | undefined): boolean {
  if (mapping.start % ARENA_BYTES !== 0 || !mapping.permissions.startsWith('rw-')) return false;
  if (sizeOf(mapping) % ARENA_BYTES === 0) return true;
  return (
    after !== undefined &&
    isReserved(after) &&
    after.start === mapping.end &&
    after.end % ARENA_BYTES === 0 &&
    sizeOf(after) < ARENA_BYTES
  );
}

const isReserved = ({ permissions, path }: Mapping): boolean => permissions.startsWith('---') && path === '';

/** The resident and the proportional set of each kind. */
export function residentByKind(
  mappings: readonly Mapping[],
): Record<MemoryKind, { rssBytes: number; pssBytes: number }> {
  const sums = Object.fromEntries(memoryKinds.map((kind) => [kind, { rssBytes: 0, pssBytes: 0 }])) as Record<
    MemoryKind,
    { rssBytes: number; pssBytes: number }
  >;
  for (const [at, kind] of kindsOf(mappings).entries()) {
    sums[kind].rssBytes += mappings[at]?.rssBytes ?? 0;
    sums[kind].pssBytes += mappings[at]?.pssBytes ?? 0;
  }
  return sums;
}

/** The WebAssembly memories: how many, and how much they may use without growing. */
export function webAssemblyIn(mappings: readonly Mapping[]): { memories: number; bytes: number } {
  const kinds = kindsOf(mappings);
  // A memory has whole pages of 64 kB; V8 has smaller mappings of its own beside such a reservation.
  const found = mappings.filter(
    (mapping, at) => kinds[at] === 'webassembly' && sizeOf(mapping) % WEBASSEMBLY_PAGE_BYTES === 0,
  );
  return { memories: found.length, bytes: found.reduce((sum, mapping) => sum + sizeOf(mapping), 0) };
}
