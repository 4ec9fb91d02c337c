/**
 * How many entries containers have and what bound they declare, wherever that can be read cheaply. Used by monitoring,
 * by the console and by the diagnosis.
 */
export { censusOf, type CensusEntry, type NestModules, UNCOUNTED } from './census.js';
export { type Counted, counted, countKeys, type CountKeys } from './container.js';
export { type DeclaredBound, declaredBoundOf } from './declared-bound.js';
