/** Memory that is not V8's heap: mappings, malloc, open files, threads, child processes, handles. */
export { openFilesLimit } from './counters.js';
export { mostOf } from './most-of.js';
export type { LedgerPart, MissingPart } from './source.js';
export { causesOf } from './causes.js';
export type { Allocator, CounterCode, Ledger } from './ledger.js';
export { LedgerReader } from './reader.js';
export { memoryKinds, type MemoryKind } from './memory-kinds.js';
export {
  driftOf,
  type EndlessGrowth,
  type GrowthCode,
  growthOf,
  isBytes,
  isEndless,
  ledgerGrowth,
  type LedgerGrowth,
  type LedgerReading,
  ledgerValue,
  nativeBytes,
} from './growth.js';
export { outsideSample, type OutsideSample } from './outside-sample.js';
export { type Headroom, headroomOf, type LimitCode } from './headroom/index.js';
export { grownBlocksOf, lookAtBlocks } from './blocks/look.js';
export type { BlockChange } from './blocks/history.js';
export type { ChainLink, FoundBlocks, RetainedBy } from './blocks/found.js';
export type { SymbolName } from './blocks/grown.js';
export { LedgerSeries } from './series.js';
export type { OutsideReason } from './reason.js';
export {
  growthName,
  growthText,
  growthValue,
  isOutsideReason,
  keptPagesAdvice,
  missingText,
  mallocNotReadText,
  outsideNotReadText,
  outsideReasonText,
} from './words.js';
export { residentGrowth, type ResidentReading } from './resident-growth.js';
export { unwrittenGrowth } from './unwritten.js';
export { explainsResident, keptPages, type KeptPages } from './kept-pages.js';
