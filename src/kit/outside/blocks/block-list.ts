/** So many blocks are kept, with 12 bytes each; of more, every second, fourth … by their addresses. */
const MOST_BLOCKS = 2_000_000;
const FIRST_BLOCKS = 65_536;
const UNIT_BYTES = 16;
const HEADER_BYTES = 16;
/** The word in the header of the next block. */
const SHARED_BYTES = 8;

/**
 * The blocks of malloc in use at one moment: how many of each size, and their addresses. Which addresses are kept where
 * there are millions depends on the address alone, so that two lists keep the same ones.
 */
export class BlockList {
  /** Blocks in use by size. */
  readonly counts = new Map<number, number>();
  private addresses: Float64Array;
  /** In units of 16 bytes; blocks of more than 64 GB do not exist. */
  private units: Uint32Array;
  private kept = 0;
  /** One of so many addresses is kept: a power of two. */
  private oneOf = 1;

  constructor(
    private readonly most = MOST_BLOCKS,
    private readonly mostSizes = 20_000,
  ) {
    this.addresses = new Float64Array(Math.min(most, FIRST_BLOCKS));
    this.units = new Uint32Array(this.addresses.length);
  }

  add(address: number, size: number): void {
    const before = this.counts.get(size);
    if (before !== undefined || this.counts.size < this.mostSizes) this.counts.set(size, (before ?? 0) + 1);
    if (this.oneOf > 1 && !this.isKept(address)) return;
    if (this.kept === this.addresses.length) this.makeRoom();
    if (this.oneOf > 1 && !this.isKept(address)) return;
    this.addresses[this.kept] = address;
    this.units[this.kept] = size / UNIT_BYTES;
    this.kept += 1;
  }

  /** Adds what a walk sees. */
  readonly see = (address: number, size: number): void => this.add(address, size);

  get length(): number {
    return this.kept;
  }

  /** Whether every block in use is in the list. */
  get isWhole(): boolean {
    return this.oneOf === 1;
  }

  addressAt(index: number): number {
    return this.addresses[index] ?? Number.NaN;
  }

  sizeAt(index: number): number {
    return (this.units[index] ?? 0) * UNIT_BYTES;
  }

  /** The index of the block with its header at an address, of a sorted list; -1 without one. */
  indexOf(address: number): number {
    const at = this.indexAround(address + HEADER_BYTES);
    return this.addressAt(at) === address ? at : -1;
  }

  /** Sorts by address. A walk goes through most blocks in that order already. */
  sort(): void {
    let isSorted = true;
    for (let at = 1; at < this.kept && isSorted; at += 1)
      isSorted = this.addresses[at - 1]! <= this.addresses[at]!;
    if (isSorted) return;
    const order = Uint32Array.from({ length: this.kept }, (_, at) => at).toSorted(
      (a, b) => this.addresses[a]! - this.addresses[b]!,
    );
    this.addresses = Float64Array.from(order, (at) => this.addresses[at]!);
    this.units = Uint32Array.from(order, (at) => this.units[at]!);
  }

  /** Addresses of some of them, from all over memory: neighbours are of one kind more often than chance has it. */
  some(most: number): number[] {
    const all = Array.from(this.addresses.subarray(0, this.kept));
    return all.toSorted((a, b) => scattered(a) - scattered(b)).slice(0, most);
  }

  /**
   * The block whose memory an address belongs to, of a sorted list: its index, or -1. That memory begins behind the
   * header of the block, and ends in the header of the next: with the word that would be the size of this one, if it
   * were free.
   */
  indexAround(address: number): number {
    let [low, high] = [0, this.kept];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.addresses[middle]! + HEADER_BYTES <= address) low = middle + 1;
      else high = middle;
    }
    const at = low - 1;
    return at >= 0 && address < this.addressAt(at) + this.sizeAt(at) + SHARED_BYTES ? at : -1;
  }

  /** Of two sorted lists, sees each block of this one that the other has not, with the same size. */
  without(other: BlockList, visit: (address: number, size: number) => void): void {
    let there = 0;
    for (let at = 0; at < this.kept; at += 1) {
      const address = this.addresses[at]!;
      // The other may keep fewer: of those it does not keep, nothing is known.
      if (other.oneOf > this.oneOf && !other.isKept(address)) continue;
      while (there < other.kept && other.addresses[there]! < address) there += 1;
      const isSame = other.addresses[there] === address && other.units[there] === this.units[at];
      if (!(there < other.kept && isSame)) visit(address, this.sizeAt(at));
    }
  }

  private isKept(address: number): boolean {
    return scattered(address) < 2 ** 32 / this.oneOf;
  }

  private makeRoom(): void {
    if (this.addresses.length < this.most) {
      const length = Math.min(this.most, 2 * this.addresses.length);
      const [addresses, units] = [new Float64Array(length), new Uint32Array(length)];
      addresses.set(this.addresses);
      units.set(this.units);
      [this.addresses, this.units] = [addresses, units];
      return;
    }
    while (this.kept === this.addresses.length && this.oneOf < 2 ** 31) this.thin();
  }

  private thin(): void {
    this.oneOf *= 2;
    let kept = 0;
    for (let at = 0; at < this.kept; at += 1) {
      if (!this.isKept(this.addresses[at]!)) continue;
      this.addresses[kept] = this.addresses[at]!;
      this.units[kept] = this.units[at]!;
      kept += 1;
    }
    this.kept = kept;
  }
}

/** A number of 32 bits that says nothing of the neighbours of an address. */
const scattered = (address: number): number =>
  Math.imul(Math.imul((address / UNIT_BYTES) | 0, 0x9e3779b1) ^ (address / 2 ** 20), 0x85ebca6b) >>> 0;
