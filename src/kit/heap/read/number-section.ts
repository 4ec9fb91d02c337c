import { HeapSnapshotError } from '../errors.js';
import { CLOSE_BRACKET, COMMA, MINUS, OPEN_BRACKET, Section, isSpace, showByte } from './section.js';

/** Receives the rows of a flat array of numbers. */
export interface RowSink {
  /** Called for each row. `row` is reused, so that values must be copied. `offset` is that of the byte after the row. */
  row(row: Float64Array, offset: number): void;
}

/** 2^53 has 16 digits, so that every number of 15 digits is exact. */
const MAX_DIGITS = 15;
const LINE_END = 0x0a - 0x30;

/**
 * Parses `[n,n,n,…]` as rows of `width` numbers. Half of a snapshot's bytes are such numbers, so that there are two
 * parsers: a fast one for the form that V8 writes, and a slow one, byte by byte, for the ends of chunks, for other valid
 * JSON and for errors.
 */
export class NumberSection implements Section {
  #opened = false;
  #value = 0;
  #digits = 0;
  #negative = false;
  /** Whether whitespace followed a number, so that only `,` or `]` may come next. */
  #spaced = false;
  #field = 0;
  #empty = true;
  readonly #row: Float64Array;

  constructor(
    private readonly what: string,
    private readonly width: number,
    private readonly sink: RowSink,
  ) {
    this.#row = new Float64Array(width);
  }

  write(chunk: Uint8Array, from: number, base: number): number {
    let at = from;
    const end = chunk.length;
    if (!this.#opened) {
      while (at < end && isSpace(chunk[at]!)) at++;
      if (at === end) return -1;
      if (chunk[at] !== OPEN_BRACKET) throw this.#unexpected(chunk[at]!, base + at);
      this.#opened = true;
      at++;
    }
    while (at < end) {
      at = this.#fast(chunk, at, base);
      if (at >= end) return -1;
      if (this.#slow(chunk[at]!, base + at)) return at + 1;
      at++;
    }
    return -1;
  }

  /**
   * Parses whole numbers that a comma follows (after a line end, as Node 20 writes rows) while the rest of the chunk is
   * longer than any number. It stops before the first byte that the slow parser has to decide.
   */
  #fast(chunk: Uint8Array, from: number, base: number): number {
    if (this.#digits > 0 || this.#negative) return from;
    const { sink, width } = this;
    const row = this.#row;
    const safeEnd = chunk.length - MAX_DIGITS - 3;
    let field = this.#field;
    let at = from;
    while (at < safeEnd) {
      let next = at;
      let value = 0;
      let digit = chunk[next++]! - 0x30;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = chunk[next++]! - 0x30;
      }
      const digits = next - at - 1;
      if (digit === LINE_END && chunk[next] === COMMA) next++;
      else if (digit !== COMMA - 0x30) break;
      if (digits === 0 || digits > MAX_DIGITS) break;
      row[field++] = value;
      at = next;
      if (field === width) {
        field = 0;
        sink.row(row, base + at);
      }
    }
    if (at > from) this.#empty = false;
    this.#field = field;
    return at;
  }

  /** Parses one byte. Returns true if it ends the section. */
  #slow(byte: number, offset: number): boolean {
    const digit = byte - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (this.#spaced) throw this.#unexpected(byte, offset);
      this.#value = this.#value * 10 + digit;
      this.#digits++;
    } else if (byte === COMMA || byte === CLOSE_BRACKET) {
      if (byte === CLOSE_BRACKET && this.#empty && this.#digits === 0 && !this.#negative) return true;
      this.#number(byte, offset);
      if (byte === COMMA) return false;
      if (this.#field !== 0) throw this.#partialRow(this.#field, offset);
      return true;
    } else if (isSpace(byte)) {
      if (this.#negative && this.#digits === 0) throw this.#unexpected(byte, offset);
      if (this.#digits > 0) this.#spaced = true;
    } else if (byte === MINUS && this.#digits === 0 && !this.#negative) {
      this.#negative = true;
    } else {
      throw this.#unexpected(byte, offset);
    }
    return false;
  }

  #number(byte: number, offset: number): void {
    if (this.#digits === 0) throw this.#unexpected(byte, offset);
    if (this.#digits > MAX_DIGITS) {
      throw new HeapSnapshotError(
        'HEAP_RANGE',
        `a number of ${this.#digits} digits in "${this.what}"`,
        offset,
      );
    }
    this.#row[this.#field++] = this.#negative ? -this.#value : this.#value;
    this.#value = this.#digits = 0;
    this.#empty = this.#negative = this.#spaced = false;
    if (this.#field === this.width) {
      this.#field = 0;
      this.sink.row(this.#row, offset + 1);
    }
  }

  #unexpected(byte: number, offset: number): HeapSnapshotError {
    return new HeapSnapshotError(
      'HEAP_SYNTAX',
      `${showByte(byte)} inside the numbers of "${this.what}"`,
      offset,
    );
  }

  #partialRow(field: number, offset: number): HeapSnapshotError {
    const rows = `rows of ${this.width} numbers`;
    return new HeapSnapshotError(
      'HEAP_COUNTS',
      `"${this.what}" ends after ${field} numbers of one of its ${rows}`,
      offset,
    );
  }
}
