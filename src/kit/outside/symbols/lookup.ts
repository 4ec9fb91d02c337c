import { type Elf, type FileSource, SYMBOL_BYTES, type SymbolTable, wordAt } from './elf.js';

/** A symbol at or around an address of a file. */
export interface Found {
  /** As the compiler wrote it. */
  name: string;
  /** Bytes from its beginning to the address. */
  offset: number;
  isFunction: boolean;
}

interface Candidate {
  start: number;
  nameOffset: number;
  isFunction: boolean;
  table: SymbolTable;
  /** Another symbol of another name begins at the same address. */
  others: number[];
}

const OBJECT = 1;
const FUNCTION = 2;
const CHUNK_SYMBOLS = 32_768;
const LONGEST_NAME = 4_096;
const MOST_OTHERS = 8;
/** Symbols hardly overlap, so that each address is met a few times; a broken table could meet all of them each time. */
const MOST_HITS = 1_000_000;

/**
 * The symbols that contain these addresses of a file, each the innermost. The tables are read once, in pieces, so that
 * the addresses of all questions belong in one call. Where several names stand for one address, `isAmbiguous` decides.
 *
 * @param same whether two names mean the same; an address with names that do not has no symbol
 */
export function symbolsAt(
  file: FileSource,
  { tables }: Elf,
  addresses: readonly number[],
  same: (a: string, b: string) => boolean,
): Map<number, Found> {
  const wanted = Float64Array.from(new Set(addresses)).toSorted();
  const best = new Map<number, Candidate>();
  if (wanted.length > 0) for (const table of tables) searchTable(file, table, wanted, best);
  const found = new Map<number, Found>();
  for (const [address, { start, nameOffset, isFunction, table, others }] of best) {
    const name = nameAt(file, table, nameOffset);
    const isClear = others.every((other) => same(name, nameAt(file, table, other)));
    if (name && isClear) found.set(address, { name, offset: address - start, isFunction });
  }
  return found;
}

function searchTable(
  file: FileSource,
  table: SymbolTable,
  wanted: Float64Array,
  best: Map<number, Candidate>,
): void {
  const bytes = new Uint8Array(Math.min(table.count, CHUNK_SYMBOLS) * SYMBOL_BYTES);
  const view = new DataView(bytes.buffer);
  let hits = 0;
  for (let first = 0; first < table.count; first += CHUNK_SYMBOLS) {
    const length = file.read(table.offset + first * SYMBOL_BYTES, bytes);
    for (let at = 0; at + SYMBOL_BYTES <= length; at += SYMBOL_BYTES) {
      const type = view.getUint8(at + 4) % 16;
      if (type !== OBJECT && type !== FUNCTION) continue;
      const start = wordAt(view, at + 8);
      const end = start + Math.max(1, wordAt(view, at + 16));
      const isDefined = view.getUint16(at + 6, true) !== 0;
      if (!isDefined) continue;
      for (let next = firstFrom(wanted, start); next < wanted.length && wanted[next]! < end; next += 1) {
        if ((hits += 1) > MOST_HITS) return;
        keepInnermost(best, wanted[next]!, {
          start,
          nameOffset: view.getUint32(at, true),
          isFunction: type === FUNCTION,
          table,
          others: [],
        });
      }
    }
    if (length < bytes.length) break;
  }
}

function keepInnermost(best: Map<number, Candidate>, address: number, one: Candidate): void {
  const before = best.get(address);
  if (before === undefined || one.start > before.start) best.set(address, one);
  else if (one.start === before.start && one.table === before.table && before.others.length < MOST_OTHERS)
    before.others.push(one.nameOffset);
}

/** The index of the first number that is not smaller. */
export function firstFrom(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nameAt(file: FileSource, { namesOffset, namesBytes }: SymbolTable, offset: number): string {
  if (offset >= namesBytes) return '';
  const bytes = new Uint8Array(Math.min(LONGEST_NAME, namesBytes - offset));
  const length = file.read(namesOffset + offset, bytes);
  const end = bytes.indexOf(0);
  return end < 0 || end > length ? '' : Buffer.from(bytes.buffer, 0, end).toString('latin1');
}
