import { resized } from './columns.js';

/** Stores the bytes of the wanted strings in one buffer, in the order of their indexes. */
export class NameArena {
  #bytes = Buffer.alloc(1 << 16);
  #used = 0;
  #indexes = new Uint32Array(1 << 10);
  #ends = new Float64Array(1 << 10);
  #count = 0;

  constructor(private readonly wanted: Uint8Array) {}

  add(index: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.wanted[index] !== 1) return;
    const size = end - start;
    if (this.#used + size > this.#bytes.length) {
      const bigger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#used + size));
      bigger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = bigger;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#used += size;
    if (this.#count === this.#indexes.length) {
      this.#indexes = resized(this.#indexes, this.#count * 2);
      this.#ends = resized(this.#ends, this.#count * 2);
    }
    this.#indexes[this.#count] = index;
    this.#ends[this.#count] = this.#used;
    this.#count++;
  }

  get(index: number): Uint8Array | null {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#indexes[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && this.#indexes[low] === index ? this.#at(low) : null;
  }

  indexOf(wanted: Uint8Array): number {
    for (let at = 0; at < this.#count; at++) {
      const from = at === 0 ? 0 : this.#ends[at - 1]!;
      if (this.#ends[at]! - from !== wanted.length) continue;
      if (this.#at(at).equals(wanted)) return this.#indexes[at]!;
    }
    return -1;
  }

  #at(position: number): Buffer {
    return this.#bytes.subarray(position === 0 ? 0 : this.#ends[position - 1]!, this.#ends[position]);
  }
}
