/**
 * The container inventory: how many entries containers have and what bound they declare, for every container that can
 * be reached cheaply. Monitoring, the console and the diagnosis use it.
 */
export { censusOf, type CensusEntry } from './census.js';
export { type Counted, counted, countKeys, type CountKeys } from './container.js';
export { type DeclaredBound, declaredBoundOf } from './declared-bound.js';
export { type NestModules, UNCOUNTED } from './nest-providers.js';
