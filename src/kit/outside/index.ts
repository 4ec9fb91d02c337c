/** Memory that is not V8's heap: mappings, malloc, open files, threads, child processes, handles. */
export { openFilesLimit, descriptorsOf, socketStatesOf, threadsOf, childrenOf } from './counters.js';
export type { Allocator, CounterCode, Ledger } from './ledger.js';
export { LedgerReader } from './reader.js';
export { memoryKinds, type MemoryKind } from './memory-kinds.js';
export {
  type EndlessGrowth,
  type GrowthCode,
  growthOf,
  isEndless,
  ledgerGrowth,
  type LedgerGrowth,
  type LedgerReading,
  ledgerValue,
} from './growth.js';
export { outsideSample, type OutsideSample } from './outside-sample.js';
export { LedgerSeries } from './series.js';
