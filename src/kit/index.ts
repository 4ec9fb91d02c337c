/**
 * What a Nest service imports: modules that monitor its memory, shed load near its limit, and open a console inside.
 * They work on Nest 11 and 12, on Fastify and Express.
 *
 *     @Module({ imports: [MemoryModule.register(), ConsoleModule.register({ name: 'shop' })] })
 *
 * Other entry points: `leak-lab/heap` reads heap snapshots, `leak-lab/verdict` has the statistics, `leak-lab/testing`
 * the test matcher, and `leak-lab/lint` the lint rules.
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
