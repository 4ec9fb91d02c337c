import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { HeapSnapshotError } from '../errors.js';

/** Gives the bytes of strings. Offsets are from the start of the snapshot. */
export interface StringBytes {
  read(from: number, to: number): Uint8Array;
}

/** A snapshot file that strings are read from again, as it was when it was opened. */
export interface SnapshotFile {
  path: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** How much is read at once. The strings of one record are near each other, so that the next ones are there already. */
const BLOCK_BYTES = 1 << 15;

/** Reads strings from the file when they are needed: of the million strings of a cache, few ever are. */
export class BytesInFile implements StringBytes {
  #block: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly file: SnapshotFile) {}

  read(from: number, to: number): Uint8Array {
    this.#mustBeTheSame(from);
    if (from < this.#start || to > this.#start + this.#block.length) {
      const end = Math.max(to, Math.min(from + BLOCK_BYTES, this.file.sizeBytes));
      const bytes = this.#readFile(from, end);
      if (bytes.length > BLOCK_BYTES) return bytes;
      this.#block = bytes;
      this.#start = from;
    }
    return this.#block.subarray(from - this.#start, to - this.#start);
  }

  #mustBeTheSame(offset: number): void {
    const now = statSync(this.file.path, { throwIfNoEntry: false });
    if (now === undefined) throw unreadable('the snapshot was moved or removed while it was in use', offset);
    if (now.size !== this.file.sizeBytes || now.mtimeMs !== this.file.modifiedMs)
      throw unreadable('the snapshot was written to while it was in use', offset);
  }

  #readFile(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(to - from);
    const file = openSync(this.file.path, 'r');
    try {
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(file, bytes, done, bytes.length - done, from + done);
        if (count === 0) throw unreadable('the snapshot became shorter while it was in use', from);
        done += count;
      }
    } finally {
      closeSync(file);
    }
    return bytes;
  }
}

function unreadable(what: string, offset: number): HeapSnapshotError {
  return new HeapSnapshotError('HEAP_UNREADABLE', what, offset);
}

/** A copy of the section of strings, for streams, which cannot be read twice. */
export class BytesInMemory implements StringBytes {
  readonly #chunks: Uint8Array[] = [];
  readonly #starts: number[] = [];

  append(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    // A copy: slice() of a Buffer is a view, and the source may reuse the memory.
    this.#chunks.push(Buffer.from(bytes));
    this.#starts.push(offset);
  }

  read(from: number, to: number): Uint8Array {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= from) low = middle;
      else high = middle;
    }
    const first = this.#chunks[low]!;
    const start = from - this.#starts[low]!;
    if (start + (to - from) <= first.length) return first.subarray(start, start + (to - from));
    const bytes = Buffer.allocUnsafe(to - from);
    let done = 0;
    for (let at = low; done < bytes.length; at++) {
      const chunk = this.#chunks[at]!;
      const part = chunk.subarray(at === low ? start : 0).subarray(0, bytes.length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }
}
