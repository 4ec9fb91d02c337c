import { EDGE_COSTS } from './costs.js';
import type { EdgeSink } from './edge-sink.js';
import { sizeOf, valueAt } from './reflect.js';
import type { Edge } from './walk-result.js';

/*
 * Of a large container a few entries are offered, each for many, so that the cost of a walk depends on the structure
 * of the program and not on the size of its data.
 */

/** Of a container up to this size, every entry is offered; of a larger one, a sample. */
const ALL_OFFERED = 64;
/** The size of such a sample. */
export const SAMPLED = 8;

export const ENTRY: Edge = { kind: 'entry', name: '' };
const KEY: Edge = { kind: 'entry', name: 'key' };

/** @returns the number of entries */
export function offerMapEntries(map: Map<unknown, unknown>, weight: number, sink: EdgeSink): number {
  const size = sizeOf(map, true);
  sink.addContainer({ kind: 'Map', object: map }, size);
  const offered = size > ALL_OFFERED ? SAMPLED : size;
  let count = 0;
  for (const [key, value] of Map.prototype.entries.call(map)) {
    if (count >= offered) break;
    count += 1;
    sink.offer(key, KEY, EDGE_COSTS.key, (weight * size) / offered);
    sink.offer(value, ENTRY, EDGE_COSTS.entry, (weight * size) / offered);
  }
  return size;
}

/** @returns the number of entries */
export function offerSetEntries(set: Set<unknown>, weight: number, sink: EdgeSink): number {
  const size = sizeOf(set, false);
  sink.addContainer({ kind: 'Set', object: set }, size);
  const offered = size > ALL_OFFERED ? SAMPLED : size;
  let count = 0;
  for (const value of Set.prototype.values.call(set)) {
    if (count >= offered) break;
    count += 1;
    sink.offer(value, ENTRY, EDGE_COSTS.entry, (weight * size) / offered);
  }
  return size;
}

/** @returns the length */
export function offerArrayEntries(array: unknown[], weight: number, sink: EdgeSink): number {
  const { length } = array;
  sink.addContainer({ kind: 'Array', object: array }, filledSlots(array));
  const all = length <= ALL_OFFERED;
  const offered = all ? length : SAMPLED;
  for (let index = 0; index < offered; index += 1) {
    // Of a long array from both ends: new entries are at one of them.
    const at = all || index < SAMPLED / 2 ? index : length - offered + index;
    sink.offer(valueAt(array, at), ENTRY, EDGE_COSTS.entry, (weight * length) / offered);
  }
  return length;
}

/** The length of a short array; for a long one, which may be a ring with free slots, an estimate from a sample of it. */
function filledSlots(array: unknown[]): number {
  const { length } = array;
  if (length <= ALL_OFFERED) return length;
  let filled = 0;
  for (let at = 0; at < ALL_OFFERED; at += 1) {
    const value = valueAt(array, Math.floor(((at + 0.5) * length) / ALL_OFFERED));
    if (value !== undefined && value !== null) filled += 1;
  }
  return Math.round((length * filled) / ALL_OFFERED);
}
