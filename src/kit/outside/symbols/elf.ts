/** A file that can be read at any offset; beyond its end it gives fewer bytes, or none. */
export interface FileSource {
  /** @returns how many bytes were read into the beginning of the buffer */
  read(offset: number, buffer: Uint8Array): number;
}

/** A table of symbols, and where the names of its entries are. */
export interface SymbolTable {
  offset: number;
  count: number;
  namesOffset: number;
  namesBytes: number;
}

/** What is needed of an ELF file (64 bits, little-endian) to name an address of a process. */
export interface Elf {
  /** Null for a file that is mapped where its own addresses say; else the lowest of its addresses, a multiple of a page. */
  lowestAddress: number | null;
  tables: SymbolTable[];
}

const FILE_HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const SECTION_BYTES = 64;
export const SYMBOL_BYTES = 24;
const PAGE_BYTES = 4096;
const IS_FIXED = 2; // ET_EXEC
const IS_SHARED = 3; // ET_DYN
const LOADED = 1; // PT_LOAD
const SYMBOLS = new Set([2, 11]); // SHT_SYMTAB, SHT_DYNSYM
/** Files have some 40 sections and a dozen segments; a header that says more than this is not read on. */
const MOST_HEADERS = 4_096;
const MOST_TABLES = 4;
/** Node has 190,000 symbols. */
const MOST_SYMBOLS = 4_000_000;

/** Reads the headers; null for what is no such file. A table outside the file has no symbols. */
export function readElf(file: FileSource): Elf | null {
  const header = read(file, 0, FILE_HEADER_BYTES);
  if (header === null || header.getUint32(0) !== 0x7f454c46 || header.getUint16(4) !== 0x0201) return null;
  const type = header.getUint16(16, true);
  if (type !== IS_FIXED && type !== IS_SHARED) return null;
  const lowest = type === IS_FIXED ? null : lowestAddress(file, header);
  if (type === IS_SHARED && lowest === null) return null;
  return { lowestAddress: lowest, tables: symbolTables(file, header) };
}

function lowestAddress(file: FileSource, header: DataView): number | null {
  const offset = wordAt(header, 32);
  const count = header.getUint16(56, true);
  if (count > MOST_HEADERS) return null;
  const segments = read(file, offset, count * SEGMENT_BYTES);
  if (segments === null) return null;
  let lowest = Infinity;
  for (let at = 0; at < segments.byteLength; at += SEGMENT_BYTES)
    if (segments.getUint32(at, true) === LOADED) lowest = Math.min(lowest, wordAt(segments, at + 16));
  return Number.isFinite(lowest) ? lowest - (lowest % PAGE_BYTES) : null;
}

function symbolTables(file: FileSource, header: DataView): SymbolTable[] {
  const offset = wordAt(header, 40);
  const count = header.getUint16(60, true);
  const sections = count > MOST_HEADERS ? null : read(file, offset, count * SECTION_BYTES);
  if (sections === null) return [];
  const tables: SymbolTable[] = [];
  for (let at = 0; at < sections.byteLength && tables.length < MOST_TABLES; at += SECTION_BYTES) {
    if (!SYMBOLS.has(sections.getUint32(at + 4, true))) continue;
    const names = sections.getUint32(at + 40, true) * SECTION_BYTES;
    if (names + SECTION_BYTES > sections.byteLength) continue;
    tables.push({
      offset: wordAt(sections, at + 24),
      count: Math.min(MOST_SYMBOLS, Math.floor(wordAt(sections, at + 32) / SYMBOL_BYTES)),
      namesOffset: wordAt(sections, names + 24),
      namesBytes: wordAt(sections, names + 32),
    });
  }
  return tables;
}

/** Null where the file ends before. */
function read(file: FileSource, offset: number, length: number): DataView | null {
  const buffer = new Uint8Array(length);
  return file.read(offset, buffer) === length ? new DataView(buffer.buffer) : null;
}

/** An unsigned number of 64 bits; beyond 2⁵³ its lowest digits are lost. */
export const wordAt = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
