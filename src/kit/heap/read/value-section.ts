import { HeapSnapshotError } from '../errors.js';
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './section.js';
import { Section, isSpace, showByte } from './section.js';

/**
 * Skips one JSON value of any kind, and stores its bytes on request. It counts the depth instead of recursing, so that
 * deep nesting cannot overflow the stack.
 */
export class ValueSection implements Section {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #started = false;
  readonly #stored: Uint8Array[] = [];
  #storedBytes = 0;

  /** @param maxBytes the longest value to store; 0 to skip the value */
  constructor(
    private readonly what: string,
    private readonly maxBytes = 0,
  ) {}

  /** The text of the value, if it was stored. */
  text(): string {
    return Buffer.concat(this.#stored).toString('utf8');
  }

  write(chunk: Uint8Array, from: number, base: number): number {
    const done = this.#scan(chunk, from, base);
    if (this.maxBytes > 0) this.#store(chunk.subarray(from, done < 0 ? chunk.length : done), base + from);
    return done;
  }

  #store(bytes: Uint8Array, offset: number): void {
    this.#storedBytes += bytes.length;
    if (this.#storedBytes > this.maxBytes) {
      throw new HeapSnapshotError(
        'HEAP_META',
        `"${this.what}" is longer than ${this.maxBytes} bytes`,
        offset,
      );
    }
    this.#stored.push(Buffer.from(bytes));
  }

  #scan(chunk: Uint8Array, from: number, base: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#inString) {
        at = this.#closingQuote(chunk, at);
        if (at === chunk.length) return -1;
        this.#inString = false;
        if (this.#depth === 0) return at + 1;
        continue;
      }
      const byte = chunk[at]!;
      if (byte === QUOTE) {
        this.#inString = this.#started = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth++;
        this.#started = true;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === COMMA) {
        if (this.#depth === 0) {
          // A number or a word ends at the byte after it.
          if (this.#started) return at;
          throw this.#nothing(byte, base + at);
        }
        if (byte !== COMMA && --this.#depth === 0) return at + 1;
      } else if (!this.#started && !isSpace(byte)) {
        this.#started = true;
      }
    }
    return -1;
  }

  /** The next quote without a backslash before it, or the end of the chunk. */
  #closingQuote(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) return at;
    }
    return chunk.length;
  }

  #nothing(byte: number, offset: number): HeapSnapshotError {
    return new HeapSnapshotError(
      'HEAP_SYNTAX',
      `${showByte(byte)} instead of the value of "${this.what}"`,
      offset,
    );
  }
}
