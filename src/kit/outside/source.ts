import type { BlockList } from './blocks/block-list.js';
import type { Allocator, Ledger } from './ledger.js';

/** A part of the ledger. */
export type LedgerPart = 'memory' | 'open-files' | 'threads' | 'children';

/** A part that could not be read. */
export interface MissingPart {
  part: LedgerPart;
  because: string;
}

/** What a system tells of one process from outside, read again and again. What is expensive is skipped at times. */
export interface LedgerSource {
  /** Whose malloc it is; null where the memory of the process may not be read, as far as that is known. */
  readonly allocator: Allocator | null;
  /** The blocks of the last reading that has malloc; null where the last one has not. */
  readonly blocks: BlockList | null;
  /** What could not be read the last time, and why. */
  readonly missing: ReadonlyMap<LedgerPart, string>;
  /** Null where nothing can be read. */
  read(): Promise<Ledger | null>;
}
