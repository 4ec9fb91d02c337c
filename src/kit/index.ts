/**
 * What a Nest service imports: modules that watch its memory, contain a leak, and open a console inside. They work on
 * Nest 11 and 12, on Fastify and Express.
 *
 *     @Module({ imports: [MemoryModule.register(), ConsoleModule.register({ name: 'shop' })] })
 *
 * Heap snapshots are at `leak-lab/heap`, the statistics of a verdict at `leak-lab/verdict`, the matcher for tests at
 * `leak-lab/testing`, the lint rules at `leak-lab/lint`.
 */
export { MemoryModule } from './memory/memory.module.js';
export type { MemoryOptions } from './memory/memory.options.js';
export { MemoryService } from './memory/memory.service.js';
export { LoadSheddingModule } from './memory/load-shedding/load-shedding.module.js';
export type { LoadSheddingOptions } from './memory/load-shedding/load-shedding.options.js';
export { ConsoleModule } from './console/console.module.js';
export type { ConsoleOptions } from './console/console.options.js';
export { censusOf, type CensusEntry } from './census/index.js';
export { Problem, type ProblemCode, problems } from './problem.js';
