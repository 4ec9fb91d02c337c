/** Knuth's multiplier: neighbours in the heap get different buckets. */
const MULTIPLIER = 2_654_435_769;

/**
 * Where numbers stand in a list, as chains of positions by the hash of the number: two typed arrays, made in one pass. A
 * sorted copy would take several times as long.
 */
export class PositionIndex {
  /** Positions plus one, so that zero ends a chain. */
  readonly #heads: Uint32Array;
  readonly #next: Uint32Array;
  readonly #shift: number;

  constructor(private readonly values: Uint32Array) {
    const bits = Math.max(1, 32 - Math.clz32(values.length));
    this.#heads = new Uint32Array(2 ** (bits - 1));
    this.#next = new Uint32Array(values.length);
    this.#shift = 33 - bits;
    // From the last to the first, so that a chain has the positions in their order.
    for (let at = values.length - 1; at >= 0; at--) {
      const bucket = this.#bucketOf(values[at]!);
      this.#next[at] = this.#heads[bucket]!;
      this.#heads[bucket] = at + 1;
    }
  }

  /** The first position of a value, or -1. */
  first(value: number): number {
    return this.#find(value, this.#heads[this.#bucketOf(value)]!);
  }

  /** The next position of the value at a position, or -1. */
  after(at: number): number {
    return this.#find(this.values[at]!, this.#next[at]!);
  }

  #find(value: number, start: number): number {
    let next = start;
    while (next > 0 && this.values[next - 1] !== value) next = this.#next[next - 1]!;
    return next - 1;
  }

  #bucketOf(value: number): number {
    // A shift by 32 is one by 0: then there is one bucket.
    return this.#shift === 32 ? 0 : Math.imul(value, MULTIPLIER) >>> this.#shift;
  }
}
