/**
 * What another service installs: the two Nest modules, and what they are made of. The matcher for tests and the lint
 * rules have entries of their own.
 */
export { ConsoleModule } from './console/console.module.js';
export type { ConsoleOptions } from './console/console.options.js';
export { type CensusEntry, censusOf } from './diagnosis/census.js';
export * as heap from './heap/index.js';
export { MemoryModule } from './memory/memory.module.js';
export type { MemoryOptions } from './memory/memory.options.js';
export { MemoryService } from './memory/memory.service.js';
export { Problem, type ProblemCode } from './problem.js';
export * as verdict from './verdict/index.js';
