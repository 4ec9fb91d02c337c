/** Memory of a process that can be read at any address; unreadable addresses give fewer bytes, or none. */
export interface MemorySource {
  /** @returns how many bytes were read into the beginning of the buffer */
  read(address: number, buffer: Uint8Array): number;
}

const HIGH = 2 ** 32;
/** A larger window reads less often; the walk takes this much memory, whatever the size of the target. */
const WINDOW_BYTES = 4 * 1024 * 1024;
/** The smallest read: a header and the one after it. */
const SMALLEST_BYTES = 64;
/** Where less than one word in so many bytes is asked for, reading everything in between costs more than reading again. */
const SPARSE_BYTES = 4096;

/** A view of such memory through one window, which moves. */
export class MemoryWindow {
  private readonly buffer: Uint8Array;
  private readonly view: DataView;
  private start = 0;
  private length = 0;
  /** How much the next read asks for: more where blocks are small, little where they are large. */
  private wanted: number;
  private words = 0;

  constructor(
    private readonly source: MemorySource,
    windowBytes = WINDOW_BYTES,
  ) {
    this.buffer = new Uint8Array(windowBytes);
    this.view = new DataView(this.buffer.buffer);
    this.wanted = Math.min(windowBytes, 16 * SPARSE_BYTES);
  }

  /** An unsigned number of 64 bits; NaN where it cannot be read. Beyond 2⁵³ its lowest digits are lost. */
  word(address: number): number {
    if (!(address >= 0 && address < 2 ** 52)) return Number.NaN;
    if (address < this.start || address + 8 > this.start + this.length) this.move(address);
    this.words += 1;
    const at = address - this.start;
    if (at < 0 || at + 8 > this.length) return Number.NaN;
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * HIGH;
  }

  /** An unsigned number of 32 bits; NaN where it cannot be read. */
  half(address: number): number {
    if (!(address >= 0 && address < 2 ** 52)) return Number.NaN;
    if (address < this.start || address + 4 > this.start + this.length) this.move(address);
    this.words += 1;
    const at = address - this.start;
    return at < 0 || at + 4 > this.length ? Number.NaN : this.view.getUint32(at, true);
  }

  /** Bytes at an address: a copy; shorter where they cannot be read. */
  bytes(address: number, count: number): Uint8Array {
    const copy = new Uint8Array(count);
    return copy.subarray(0, this.source.read(address, copy));
  }

  private move(address: number): void {
    const isSparse = this.words * SPARSE_BYTES < this.length;
    const wanted = isSparse ? this.wanted / 8 : this.wanted * 2;
    this.wanted = Math.min(this.buffer.length, Math.max(SMALLEST_BYTES, Math.floor(wanted)));
    this.words = 0;
    this.start = address;
    this.length = this.source.read(address, this.buffer.subarray(0, this.wanted));
  }
}
