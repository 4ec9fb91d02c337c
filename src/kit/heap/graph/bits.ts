/** A set of ordinals, one bit for each edge or node. */
export class Bits {
  readonly #bytes: Uint8Array;

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 8));
  }

  // Division instead of a shift: ordinals may exceed 2^31, which a shift cannot represent.
  has(at: number): boolean {
    return (this.#bytes[Math.floor(at / 8)]! & (1 << (at % 8))) !== 0;
  }

  add(at: number): void {
    this.#bytes[Math.floor(at / 8)]! |= 1 << (at % 8);
  }
}
