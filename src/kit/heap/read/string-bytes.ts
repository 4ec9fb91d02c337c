import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { HeapSnapshotError } from '../errors.js';

/** Where the bytes of strings are when one of them is asked for. Offsets are those of the whole snapshot. */
export interface StringBytes {
  read(from: number, to: number): Uint8Array;
}

/** The file itself: a million cached records are a million strings that nobody will ask for. */
export class BytesInFile implements StringBytes {
  constructor(
    private readonly path: string,
    private readonly size: number,
    private readonly modifiedMs: number,
  ) {}

  read(from: number, to: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(to - from);
    let file: number;
    try {
      file = openSync(this.path, 'r');
    } catch (cause) {
      throw new HeapSnapshotError('HEAP_UNREADABLE', 'the snapshot was moved or removed meanwhile', from, {
        cause,
      });
    }
    try {
      const { size, mtimeMs } = fstatSync(file);
      if (size !== this.size || mtimeMs !== this.modifiedMs) {
        throw new HeapSnapshotError('HEAP_UNREADABLE', 'the snapshot was written to meanwhile', from);
      }
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(file, bytes, done, bytes.length - done, from + done);
        if (count === 0) throw new HeapSnapshotError('HEAP_UNREADABLE', 'the snapshot became shorter', from);
        done += count;
      }
    } finally {
      closeSync(file);
    }
    return bytes;
  }
}

/** A copy of what passed by, for streams that cannot be read twice. */
export class BytesInMemory implements StringBytes {
  readonly #chunks: Uint8Array[] = [];
  readonly #starts: number[] = [];

  append(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    // Not slice(): of a Buffer that is a view, and its owner may use it again.
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
