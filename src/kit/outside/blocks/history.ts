import type { BlockList } from './block-list.js';

/** Blocks at two readings, and the work done between them. */
export interface BlockChange {
  before: BlockList;
  after: BlockList;
  work: number;
}

interface Reading {
  work: number;
  blocks: BlockList;
}

/**
 * The blocks of the last reading, and of one in the first half: the warm-up is over by then, and what leaks has had
 * time. Kept are those of readings 1, 2, 4, 8 …, of which only the last two are needed.
 */
export class BlockHistory {
  private count = 0;
  private older: Reading | null = null;
  private newer: Reading | null = null;
  private last: Reading | null = null;

  add(work: number, blocks: BlockList): void {
    this.count += 1;
    this.last = { work, blocks };
    if (Number.isInteger(Math.log2(this.count))) [this.older, this.newer] = [this.newer, this.last];
  }

  /** Null where there was no second reading. */
  get change(): BlockChange | null {
    if (!this.older || !this.last) return null;
    const [before, after] = [this.older.blocks, this.last.blocks];
    for (const list of [before, after]) list.sort();
    return { before, after, work: this.last.work - this.older.work };
  }
}
