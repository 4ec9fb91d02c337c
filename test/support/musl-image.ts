import { setWord } from './malloc-image.js';

const SECRET = 0x1234_5678_9abc;
const ENTRIES = 101;
const HEAD_BYTES = 24;
const ENTRY_BYTES = 40;

/** Where the entry of a group is, in its page. */
export const entryAt = (entry: number): number => HEAD_BYTES + entry * ENTRY_BYTES;

/** A group of slots, as `struct meta` of musl's malloc has it. */
export interface DrawnGroup {
  address: number;
  slots: number;
  /** Bits of the slots that are free, or were. */
  available?: number;
  freed?: number;
  sizeClass: number;
  pages?: number;
}

/** Writes one page of what musl notes of its groups. */
export function writePage(page: DataView, next: number, groups: readonly DrawnGroup[]): void {
  setWord(page, 0, SECRET);
  setWord(page, 8, next);
  page.setInt32(16, ENTRIES, true);
  for (const [
    entry,
    { address, slots, available = 0, freed = 0, sizeClass, pages = 0 },
  ] of groups.entries()) {
    const at = entryAt(entry);
    setWord(page, at + 16, address);
    page.setUint32(at + 24, available, true);
    page.setUint32(at + 28, freed, true);
    page.setUint32(at + 32, (slots - 1) | (1 << 5) | (sizeClass << 6) | (pages << 12), true);
  }
}

/** The slots of one group, with a head that points to its entry. */
export class DrawnSlots {
  /** @param at where the head is, in these bytes */
  constructor(
    private readonly bytes: DataView,
    private readonly at: number,
    private readonly stride: number,
    entryAt: number,
  ) {
    setWord(bytes, at, entryAt);
  }

  /** A block of so many bytes, moved by units of 16 within its slot. */
  block(index: number, asked: number, units = 0): this {
    const start = this.start(index);
    if (units > 0) this.header(start, 7 << 5, units);
    const at = start + 16 * units;
    const end = start + this.stride - 4;
    const unused = end - at - asked;
    if (unused >= 5) this.bytes.setUint32(end - 4, unused, true);
    this.header(at, index | (Math.min(5, unused) << 5), (at - this.start(0)) / 16);
    return this;
  }

  /** A slot that has a group of smaller slots. */
  group(index: number): this {
    this.header(this.start(index), index | (6 << 5), (index * this.stride) / 16);
    return this;
  }

  /** A block that was freed after the list of groups was read. */
  freed(index: number): this {
    this.header(this.start(index), 255, 0);
    return this;
  }

  private start(index: number): number {
    return this.at + 16 + index * this.stride;
  }

  private header(at: number, byte: number, units: number): void {
    this.bytes.setUint8(at - 3, byte);
    this.bytes.setUint16(at - 2, units & 0xffff, true);
  }
}
