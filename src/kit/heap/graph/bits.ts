/** One bit for each edge or node. */
export class Bits {
  readonly #bytes: Uint8Array;

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 8));
  }

  // Divided and not shifted: ordinals may be larger than the 2^31 that shifts can do.
  has(at: number): boolean {
    return (this.#bytes[Math.floor(at / 8)]! & (1 << (at % 8))) !== 0;
  }

  add(at: number): void {
    this.#bytes[Math.floor(at / 8)]! |= 1 << (at % 8);
  }
}
