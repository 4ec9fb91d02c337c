import type { IndexedBlocks } from './indexed-blocks.js';
import type { MemorySource } from '../malloc/memory.js';

/** Memory to search, and how a pointer that is found there counts. */
export interface Stretch {
  start: number;
  end: number;
}

/** What a search may cost. On a busy machine, time is many times processor time. */
export interface SearchLimits {
  bytes: number;
  cpuMs: number;
  ms: number;
}

/** One pointer: where it is, and the block to which it points. */
export type SeePointer = (at: number, block: number, isToBeginning: boolean) => void;

const WINDOW_BYTES = 1024 * 1024;
const WORD_BYTES = 8;
const PAGE_BITS = 12;
const FILTER_BITS = 18;
/** So many pages would meet all places of the filter. */
const MOST_FILTERED_BYTES = 2 ** (PAGE_BITS + FILTER_BITS + 2);
/** Addresses of user space have 47 bits. */
const MOST_HIGH = 0x7fff;
/** Embedded objects and second base classes begin a little behind the block; what points further in is kept apart. */
const BEGINNING_BYTES = 16;

/** A search for pointers through memory: what it cost, and whether it came to the end. */
export class PointerSearch {
  /** False where a limit ended it, or memory could not be read. */
  isWhole = true;
  private readonly window = new Uint8Array(WINDOW_BYTES);
  private readonly words = new Uint32Array(this.window.buffer);
  private readonly startMs = performance.now();
  private readonly startCpu = process.cpuUsage();
  private bytes = 0;

  constructor(
    private readonly memory: MemorySource,
    private readonly limits: SearchLimits,
  ) {}

  /** Sees every word in these stretches that points into one of the blocks. A block's pointers to itself are not seen. */
  find(stretches: readonly Stretch[], blocks: IndexedBlocks, see: SeePointer): void {
    const filter = filterOf(blocks);
    for (const { start, end } of stretches) {
      for (let at = start; at < end; at += WINDOW_BYTES) {
        const wanted = Math.min(WINDOW_BYTES, end - at);
        if (this.isTooMuch(wanted)) {
          this.isWhole = false;
          return;
        }
        const length = this.memory.read(at, this.window.subarray(0, wanted));
        this.bytes += length;
        if (length < wanted) this.isWhole = false;
        this.searchWindow(at, length, filter, blocks, see);
        if (length < wanted) break;
      }
    }
  }

  private isTooMuch(bytes: number): boolean {
    const { user, system } = process.cpuUsage(this.startCpu);
    return (
      this.bytes + bytes > this.limits.bytes ||
      (user + system) / 1_000 > this.limits.cpuMs ||
      performance.now() - this.startMs > this.limits.ms
    );
  }

  private searchWindow(
    start: number,
    length: number,
    filter: Uint8Array,
    blocks: IndexedBlocks,
    see: SeePointer,
  ): void {
    const { words } = this;
    const count = 2 * Math.floor(length / WORD_BYTES);
    for (let at = 0; at < count; at += 2) {
      const [low, high] = [words[at]!, words[at + 1]!];
      if (high > MOST_HIGH || filter[keyOf(low, high)] === 0) continue;
      const address = high * 2 ** 32 + low;
      const index = blocks.indexAround(address);
      if (index < 0) continue;
      const retainer = start + 4 * at;
      const offset = address - blocks.startAt(index);
      if (!blocks.isWithin(retainer, index))
        see(retainer, index, offset <= BEGINNING_BYTES && offset % WORD_BYTES === 0);
    }
  }
}

/** For each page of the blocks, a place that is not zero; some other pages share it. */
function filterOf(blocks: IndexedBlocks): Uint8Array {
  const filter = new Uint8Array(2 ** FILTER_BITS);
  let bytes = 0;
  for (let index = 0; index < blocks.length; index += 1) {
    const end = blocks.endAt(index);
    bytes += end - blocks.startAt(index);
    if (bytes > MOST_FILTERED_BYTES) return filter.fill(1);
    for (let at = blocks.startAt(index); at < end + 2 ** PAGE_BITS; at += 2 ** PAGE_BITS) {
      const address = Math.min(at, end - 1);
      filter[keyOf(address % 2 ** 32, Math.floor(address / 2 ** 32))] = 1;
    }
  }
  return filter;
}

const keyOf = (low: number, high: number): number =>
  ((low >>> PAGE_BITS) ^ Math.imul(high, 0x9e37)) & (2 ** FILTER_BITS - 1);
