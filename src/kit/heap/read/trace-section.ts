import { HeapSnapshotError } from '../errors.js';
import { resized } from './columns.js';
import { CLOSE_BRACKET, COMMA, OPEN_BRACKET, Section, isSpace, showByte } from './section.js';
import type { TraceFunctions } from './trace-functions.js';

/** V8 follows at most 64 callers. A tree that is deeper was not written by it. */
const MAX_DEPTH = 1 << 12;
const MAX_UINT32 = 0xff_ff_ff_ff;
/** id, function, count, size; the children come after them. */
const NUMBERS = 4;

/**
 * Parses `[id,function,count,size,[children],id,…]`, rows that nest, with a stack of its own instead of recursion. A row
 * is a call stack: its function, called by that of the row around it. V8 numbers the rows from 1, in the order in which
 * the stacks were first seen, which is not that of the file.
 */
export class TraceSection implements Section {
  count = 0;
  ids = new Uint32Array(256);
  /** The id of the row around each row; 0 for none. */
  parents = new Uint32Array(256);
  functions = new Uint32Array(256);
  /** All that was allocated, also what was collected since. */
  counts = new Float64Array(256);
  bytes = new Float64Array(256);
  readonly #callers: number[] = [];
  readonly #row = new Float64Array(NUMBERS);
  #field = 0;
  #digits = 0;
  #state: 'open' | 'first' | 'number' | 'children' | 'after' = 'open';

  constructor(private readonly known: TraceFunctions) {}

  write(chunk: Uint8Array, from: number, base: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      const digit = byte - 0x30;
      if (digit >= 0 && digit <= 9 && (this.#state === 'number' || this.#state === 'first')) {
        this.#state = 'number';
        if (++this.#digits > 15) throw this.#unexpected(byte, base + at);
        this.#row[this.#field] = this.#row[this.#field]! * 10 + digit;
      } else if (!isSpace(byte) && this.#mark(byte, base + at)) return at + 1;
    }
    return -1;
  }

  /** @throws HeapSnapshotError if the ids are not 1, 2, … in some order */
  end(offset: number): void {
    const seen = new Uint8Array(this.count + 1);
    for (const id of this.ids.subarray(0, this.count)) {
      if (id === 0 || id > this.count || seen[id] === 1)
        throw new HeapSnapshotError('HEAP_RANGE', `call stack ${id} of ${this.count}`, offset);
      seen[id] = 1;
    }
  }

  /** @returns whether the byte ends the section */
  #mark(byte: number, offset: number): boolean {
    const state = this.#state;
    if (byte === COMMA && state === 'number' && this.#digits > 0) {
      this.#digits = 0;
      if (++this.#field === NUMBERS) this.#state = 'children';
    } else if (byte === COMMA && state === 'after') {
      this.#state = 'number';
      this.#clear();
    } else if (byte === OPEN_BRACKET && (state === 'open' || state === 'children')) {
      this.#callers.push(state === 'open' ? 0 : this.#add(offset));
      if (this.#callers.length > MAX_DEPTH) throw this.#unexpected(byte, offset);
      this.#state = 'first';
      this.#clear();
    } else if (byte === CLOSE_BRACKET && (state === 'first' || state === 'after')) {
      this.#callers.pop();
      this.#state = 'after';
      return this.#callers.length === 0;
    } else throw this.#unexpected(byte, offset);
    return false;
  }

  #clear(): void {
    this.#field = this.#digits = 0;
    this.#row.fill(0);
  }

  #add(offset: number): number {
    const [id = 0, made = 0, count = 0, bytes = 0] = this.#row;
    if (id > MAX_UINT32 || made >= this.known.count)
      throw new HeapSnapshotError(
        'HEAP_RANGE',
        `call stack ${id} is in function ${made} of ${this.known.count}`,
        offset,
      );
    const at = this.count++;
    if (at === this.ids.length) this.#resize(2 * at);
    this.ids[at] = id;
    this.parents[at] = this.#callers.at(-1) ?? 0;
    this.functions[at] = made;
    this.counts[at] = count;
    this.bytes[at] = bytes;
    return id;
  }

  #resize(capacity: number): void {
    this.ids = resized(this.ids, capacity);
    this.parents = resized(this.parents, capacity);
    this.functions = resized(this.functions, capacity);
    this.counts = resized(this.counts, capacity);
    this.bytes = resized(this.bytes, capacity);
  }

  #unexpected(byte: number, offset: number): HeapSnapshotError {
    return new HeapSnapshotError('HEAP_SYNTAX', `${showByte(byte)} inside the tree of call stacks`, offset);
  }
}
