import type { MemorySource } from '../../src/kit/outside/malloc/memory.js';

const PREVIOUS_IN_USE = 1;
const IS_MMAPPED = 2;

export interface Block {
  size: number;
  inUse: boolean;
}

/** Memory of a process, drawn: regions of bytes at addresses, each written as glibc writes its blocks. */
export class MallocImage implements MemorySource {
  private readonly regions: { start: number; bytes: DataView }[] = [];

  region(start: number, size: number): DataView {
    const bytes = new DataView(new ArrayBuffer(size));
    this.regions.push({ start, bytes });
    return bytes;
  }

  /** Blocks one after the other from an address, and a top block up to the end of the region. */
  static writeBlocks(bytes: DataView, from: number, blocks: readonly Block[]): void {
    let at = from;
    let before: Block = { size: 0, inUse: true };
    for (const block of [...blocks, { size: 0, inUse: true }]) {
      const size = block.size === 0 ? bytes.byteLength - at : block.size;
      if (!before.inUse) setWord(bytes, at, before.size);
      setWord(bytes, at + 8, size + (before.inUse ? PREVIOUS_IN_USE : 0));
      before = block;
      at += size;
    }
  }

  /** A block with a mapping of its own. */
  static writeMapped(bytes: DataView, at: number, size: number): void {
    setWord(bytes, at + 8, size + IS_MMAPPED);
  }

  read(address: number, buffer: Uint8Array): number {
    const found = this.regions.find(
      ({ start, bytes }) => address >= start && address < start + bytes.byteLength,
    );
    if (!found) return 0;
    const offset = address - found.start;
    const length = Math.min(buffer.length, found.bytes.byteLength - offset);
    buffer.set(new Uint8Array(found.bytes.buffer, offset, length));
    return length;
  }

  /** Overwrites bytes at random, as a program does while it is read. */
  scribble(random: () => number, bytesChanged: number): void {
    for (let change = 0; change < bytesChanged; change += 1) {
      const region = this.regions[Math.floor(random() * this.regions.length)]!;
      region.bytes.setUint8(Math.floor(random() * region.bytes.byteLength), Math.floor(random() * 256));
    }
  }
}

export function setWord(bytes: DataView, at: number, value: number): void {
  bytes.setUint32(at, value % 2 ** 32, true);
  bytes.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}
