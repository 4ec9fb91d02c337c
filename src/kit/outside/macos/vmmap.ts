import type { Ledger } from '../ledger.js';
import { type MemoryKind, memoryKinds } from '../memory-kinds.js';

/*
 * The output of `vmmap --summary PID`, which has two tables. One has the regions of memory by type: those in RAM
 * (RESIDENT), those written to (DIRTY), and those that were compressed or written to disk (SWAPPED). Of libraries, the
 * resident part is that of all processes together. The other has the zones of malloc, with what is in use in each.
 */

/** What vmmap says of a process. */
export interface VmmapSummary {
  /**
   * What is in RAM or compressed: macOS compresses what is not used for a while, and it takes memory all the same. Beside
   * it, what is the process's own: dirty and swapped, as in its footprint.
   */
  resident: NonNullable<Ledger['resident']>;
  /** Null where its table is not there, or shows too few digits. */
  malloc: Ledger['malloc'];
}

/** Names as all versions have them: those of macOS 26 are `Malloc Guard Page`, `Untagged`, `Stack Guard`. */
const KINDS: readonly [name: RegExp, kind: MemoryKind][] = [
  [/\bguard\b/i, 'other'],
  // V8 marks what it maps with this number (`VM_MAKE_TAG(255)`): its heap, its code and WebAssembly memories.
  [/^memory tag 255\b/i, 'v8-heap'],
  [/malloc/i, 'malloc'],
  [/^stack\b/i, 'thread-stacks'],
  [/\bjit\b/i, 'generated-code'],
  [/^(vm_allocate|untagged|memory tag|dispatch continuations)\b/i, 'anonymous'],
  [/^(__|dyld\b|unused but dirty shlib)/i, 'libraries'],
  [/^mapped file\b/i, 'mapped-files'],
  [/^shared memory\b/i, 'shared-memory'],
];

/** Null where this is no such output, or a column is missing. */
export function parseVmmap(text: string): VmmapSummary | null {
  const lines = text.split('\n');
  const regions = tableIn(lines, /^REGION TYPE\b/i, (columns) => columns.length);
  const at = regions && columnsOf(regions.columns, ['RESIDENT', 'DIRTY', 'SWAPPED']);
  if (!regions || !at || !regions.isEnded) return null;
  const [resident, dirty, swapped] = at as [number, number, number];
  const sums = Object.fromEntries(
    memoryKinds.map((kind) => [kind, { rssBytes: 0, pssBytes: 0 }]),
  ) as VmmapSummary['resident'];
  for (const { name, values } of regions.rows) {
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
    sums[kind].rssBytes += values[resident]! + values[swapped]!;
    sums[kind].pssBytes += values[dirty]! + values[swapped]!;
  }
  return { resident: sums, malloc: mallocIn(lines) };
}

/** The last column of zones has a percentage before it, which ends the row of sizes. */
function mallocIn(lines: readonly string[]): Ledger['malloc'] {
  const zones = tableIn(lines, /^MALLOC ZONE\b/i, (columns) => columns.indexOf('REGION'));
  const at = zones && columnsOf(zones.columns, ['ALLOCATION', 'BYTES', 'DIRTY+SWAP']);
  if (!zones || !at || zones.rows.length === 0) return null;
  const [count, bytes, free] = at as [number, number, number];
  const use = { inUseBytes: 0, freeBytes: 0, blocks: 0 };
  for (const { values } of zones.rows) {
    // Of gigabytes, tenths are shown: a healthy process that crosses one would seem to grow by a hundred megabytes.
    if (values[bytes]! >= TOO_COARSE_BYTES) return null;
    use.blocks += values[count]!;
    use.inUseBytes += values[bytes]!;
    use.freeBytes += values[free]!;
  }
  // No process has nothing in use: then its zones were not read.
  return use.inUseBytes === 0 ? null : use;
}

const UNITS: Record<string, number> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const TOO_COARSE_BYTES = 2 ** 30;
const SIZE = /^(\d{1,12}(?:\.\d{1,3})?)([KMGT]?)$/;

interface Table {
  columns: string[];
  rows: { name: string; values: number[] }[];
  /** Whether a line comes after it, as before its sum. */
  isEnded: boolean;
}

/** The table under this heading, without its sums. The names of its columns begin in the line above the heading. */
function tableIn(
  lines: readonly string[],
  heading: RegExp,
  countOf: (columns: readonly string[]) => number,
): Table | null {
  const at = lines.findIndex((line) => heading.test(line));
  if (at < 1) return null;
  const columns = lines[at - 1]!.trim().toUpperCase().split(/\s+/);
  const count = countOf(columns);
  if (count < 1) return null;
  const rows: Table['rows'] = [];
  let isEnded = false;
  for (const line of lines.slice(at + 1)) {
    isEnded = rows.length > 0 && line.startsWith('===');
    if (isEnded || (rows.length > 0 && line.trim() === '')) break;
    const row = rowOf(line, count);
    if (row && !/^TOTAL\b/.test(row.name)) rows.push(row);
  }
  return { columns, rows, isEnded };
}

/** So many sizes side by side, and before them a name that may end with a number; after them may be a remark. */
function rowOf(line: string, count: number): Table['rows'][number] | null {
  const words = line.trim().split(/\s+/);
  let run = 0;
  let end = -1;
  for (const [at, word] of words.entries()) {
    run = SIZE.test(word) ? run + 1 : 0;
    if (run >= count) end = at + 1;
    else if (end > 0) break;
  }
  const first = end - count;
  if (first < 1) return null;
  const values = words.slice(first, end).map((word) => {
    const [, number = '0', unit = ''] = SIZE.exec(word) ?? [];
    return Math.round(Number(number) * UNITS[unit]!);
  });
  return { name: words.slice(0, first).join(' '), values };
}

function columnsOf(columns: readonly string[], names: readonly string[]): number[] | null {
  const found = names.map((name) => columns.indexOf(name));
  return found.includes(-1) ? null : found;
}
