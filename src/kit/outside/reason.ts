import type { Rate } from '../verdict/index.js';
import type { GrowthCode } from './growth.js';
import type { Allocator } from './ledger.js';

/** Why a verdict is what it is, where memory outside V8's heap decides. */
export type OutsideReason =
  /** Live bytes are bounded and the resident set grows. The allocator is null where the system does not tell. */
  | { code: 'grows-outside-v8'; bytesPerWork: number; allocator: Allocator | null }
  /** Live bytes are bounded and something outside V8's heap grew, and it is not settled whether that ends. */
  | { code: 'may-grow-outside-v8'; what: GrowthCode; first: number; last: number }
  /** Something outside V8's heap grows without end: a counter, or memory. */
  | {
      code: 'leaks-outside-v8';
      what: GrowthCode;
      /** In what is counted, or bytes. */
      perWork: Rate;
      gained: number;
      /** Whether V8's heap grows as well. */
      heapGrows: boolean;
      /** Whether the target was given a rest, which gave nothing back. */
      rested: boolean;
      /** Of open files, the most that the process may have; null where that is not the point. */
      limit: number | null;
    };
