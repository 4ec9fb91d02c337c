import { HeapSnapshotError } from '../errors.js';
import { BACKSLASH, CLOSE_BRACKET, COMMA, OPEN_BRACKET, QUOTE, Section } from './section.js';
import { isSpace, showByte } from './section.js';

/** Receives the strings. Their bytes are those between the quotes, with escapes, in memory that is reused. */
export interface StringSink {
  /** Called at the start of the section, whose first byte is at `offset`. */
  begin(offset: number): void;
  /** Called for each piece of the section, once and in order. */
  piece(bytes: Uint8Array, offset: number): void;
  /**
   * Called for each string, which is from `start` to `end` in `bytes` and from `offset` to `endOffset` in the snapshot.
   * `bytes` has only the first part of a very long string.
   */
  string(bytes: Uint8Array, start: number, end: number, offset: number, endOffset: number): void;
}

/** The longest part of a string that spans chunks. V8 itself cuts strings at a thousand characters. */
const MAX_CARRIED_BYTES = 1 << 20;
const LINE_END = 0x0a;
/** For so many bytes a loop is faster than a call of Buffer.indexOf. */
const NEAR_BYTES = 24;

type State = 'open' | 'first' | 'string' | 'inside' | 'after';

/** Parses `["…","…",…]`. It finds where strings start and end, and decodes none of them. */
export class StringSection implements Section {
  #state: State = 'open';
  #escaped = false;
  /** The first parts of a string that continues from the previous chunks. */
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  #start = 0;
  /** The position of the next backslash of the chunk; searched again only after the scan has passed it. */
  #backslash = -1;

  constructor(private readonly sink: StringSink) {}

  write(chunk: Uint8Array, from: number, base: number): number {
    this.#backslash = -1;
    const done = this.#scan(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), from, base);
    this.sink.piece(chunk.subarray(from, done < 0 ? chunk.length : done), base + from);
    return done;
  }

  #scan(chunk: Buffer, from: number, base: number): number {
    const end = chunk.length;
    let at = from;
    while (at < end) {
      if (this.#state === 'inside') {
        at = this.#inside(chunk, at, base);
        continue;
      }
      const byte = chunk[at]!;
      if (isSpace(byte)) {
        at++;
        continue;
      }
      if (byte === QUOTE && (this.#state === 'string' || this.#state === 'first')) {
        this.#state = 'inside';
        this.#start = base + at + 1;
      } else if (byte === COMMA && this.#state === 'after') {
        this.#state = 'string';
      } else if (byte === CLOSE_BRACKET && (this.#state === 'after' || this.#state === 'first')) {
        return at + 1;
      } else if (byte === OPEN_BRACKET && this.#state === 'open') {
        this.#state = 'first';
        this.sink.begin(base + at);
      } else {
        throw new HeapSnapshotError('HEAP_SYNTAX', `${showByte(byte)} between the strings`, base + at);
      }
      at++;
    }
    return -1;
  }

  /**
   * Reads from inside a string to after its closing quote or to the end of the chunk. It continues with the strings
   * after it while the bytes between them are those that V8 writes.
   */
  #inside(chunk: Buffer, from: number, base: number): number {
    const end = chunk.length;
    for (let start = from; ;) {
      const at = this.#closingQuote(chunk, start);
      if (at === end) {
        this.#carry(chunk.subarray(start, end));
        return end;
      }
      if (this.#carriedBytes === 0) this.sink.string(chunk, start, at, this.#start, base + at);
      else this.#carriedString(chunk.subarray(start, at), base + at);
      const gap = chunk[at + 2] === LINE_END ? 3 : 2;
      if (chunk[at + 1] !== COMMA || chunk[at + gap] !== QUOTE) {
        this.#state = 'after';
        return at + 1;
      }
      start = at + gap + 1;
      this.#start = base + start;
    }
  }

  #carriedString(rest: Buffer, endOffset: number): void {
    this.#carry(rest);
    const whole = Buffer.concat(this.#carried);
    this.#carried = [];
    this.#carriedBytes = 0;
    this.sink.string(whole, 0, whole.length, this.#start, endOffset);
  }

  #carry(bytes: Buffer): void {
    const room = MAX_CARRIED_BYTES - this.#carriedBytes;
    if (room > 0) this.#carried.push(Buffer.from(bytes.subarray(0, room)));
    this.#carriedBytes += Math.min(room, bytes.length);
  }

  /**
   * Finds the closing quote of a string, or the end of the chunk. Most strings are short, so that the first bytes are
   * compared one by one; Buffer.indexOf searches the rest of a longer one. Line ends inside a string, which JSON forbids
   * and V8 never writes, are accepted.
   */
  #closingQuote(chunk: Buffer, from: number): number {
    const end = chunk.length;
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    while (at < end) {
      const near = Math.min(end, at + NEAR_BYTES);
      for (; at < near; at++) {
        const byte = chunk[at]!;
        if (byte === QUOTE) return at;
        if (byte === BACKSLASH) at++;
      }
      if (at >= end) break;
      const quote = chunk.indexOf(QUOTE, at);
      const stop = quote < 0 ? end : quote;
      if (this.#backslash < at) {
        const found = chunk.indexOf(BACKSLASH, at);
        this.#backslash = found < 0 ? end : found;
      }
      if (this.#backslash >= stop) return stop;
      at = this.#backslash + 2;
    }
    this.#escaped = at > end;
    return end;
  }
}
