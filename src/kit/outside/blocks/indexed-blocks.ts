import { firstFrom } from '../symbols/lookup.js';

const HEADER_BYTES = 16;
const SHARED_BYTES = 8;

/** Some blocks, by the addresses that the program has of them: sorted, to find the one in which an address lies. */
export class IndexedBlocks {
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;

  /** @param blocks as malloc has them: from their headers, and without the same one twice */
  constructor(blocks: readonly { address: number; size: number }[]) {
    const sorted = blocks.toSorted((a, b) => a.address - b.address);
    this.starts = Float64Array.from(sorted, ({ address }) => address + HEADER_BYTES);
    // The smallest blocks of musl are no larger than a header of glibc, and have a word all the same.
    this.ends = Float64Array.from(
      sorted,
      ({ address, size }) => address + Math.max(size, HEADER_BYTES + SHARED_BYTES),
    );
  }

  get length(): number {
    return this.starts.length;
  }

  startAt(index: number): number {
    return this.starts[index] ?? Number.NaN;
  }

  endAt(index: number): number {
    return this.ends[index] ?? Number.NaN;
  }

  /** Whether an address is in the memory of a block, the last word included, which is in the header of the next. */
  isWithin(address: number, index: number): boolean {
    return address >= this.startAt(index) && address < this.endAt(index) + SHARED_BYTES;
  }

  /** The block that a pointer with this value points into, or -1. Lists of free blocks point to headers: to none. */
  indexAround(address: number): number {
    const at = firstFrom(this.starts, address + 1) - 1;
    return at >= 0 && address < this.endAt(at) ? at : -1;
  }
}
