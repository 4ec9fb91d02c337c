import { HeapGraph } from '../graph/heap-graph.js';
import { Count } from './ordered-table.js';
import { eachSlot, isPowerOfTwo, slotCounts } from './slots.js';

const PREFIX = 3;

/**
 * The capacity of the table behind a WeakMap or WeakSet from its size in bytes; null if the size fits none. V8's
 * EphemeronHashTable (src/objects/hash-table.h) has three counts, then keys and values in turn.
 */
export function weakTableCapacity(selfSize: number): number | null {
  for (const slots of slotCounts(selfSize)) {
    const capacity = (slots - PREFIX) / 2;
    if (isPowerOfTwo(capacity)) return capacity;
  }
  return null;
}

/**
 * Counts the entries of a weak table. Keys are objects, so that the count of their weak edges is exact. The V8 of Chrome
 * 156 writes no edges for slots; then only entries whose value is an object are counted.
 */
export function countWeak(graph: HeapGraph, tableNode: number, capacity: number): Count {
  let keys = 0;
  eachSlot(graph, tableNode, 'weak', (slot) => {
    if (slot >= PREFIX && (slot - PREFIX) % 2 === 0) keys++;
  });
  const values = keys > 0 ? 0 : valuesIn(graph, tableNode).length;
  return values > 0
    ? { entries: values, precision: 'at least', capacity }
    : { entries: keys, precision: 'exact', capacity };
}

/** The values of a WeakMap. */
export function weakValues(graph: HeapGraph, weakMap: number): number[] {
  const table = graph.follow(weakMap, 'internal', 'table');
  return table < 0 ? [] : valuesIn(graph, table);
}

/** The targets of the table's edges to values. */
function valuesIn(graph: HeapGraph, table: number): number[] {
  const id = graph.idOf(table);
  const values: number[] = [];
  for (let edge = graph.edgeStart(table); edge < graph.edgeEnd(table); edge++) {
    if (graph.isIndexed(edge)) continue;
    if (graph.strings.ephemeronTable(graph.nameNumberOf(edge)) === id) values.push(graph.targetOf(edge));
  }
  return values;
}
