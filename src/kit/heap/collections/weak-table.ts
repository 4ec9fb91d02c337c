import { HeapGraph } from '../graph/heap-graph.js';
import { Count } from './ordered-table.js';
import { eachSlot, isPowerOfTwo, slotCounts } from './slots.js';

const PREFIX = 3;

/**
 * The table behind a WeakMap or WeakSet (V8, EphemeronHashTable in src/objects/hash-table.h): three
 * counts, then key and value in turn. Keys are always objects, so counting their weak edges is exact.
 */
export function weakTableCapacity(selfSize: number): number | null {
  for (const slots of slotCounts(selfSize)) {
    const capacity = (slots - PREFIX) / 2;
    if (isPowerOfTwo(capacity)) return capacity;
  }
  return null;
}

export function countWeak(graph: HeapGraph, tableNode: number, capacity: number): Count {
  let entries = 0;
  eachSlot(graph, tableNode, 'weak', (slot) => {
    if (slot >= PREFIX && (slot - PREFIX) % 2 === 0) entries++;
  });
  return { entries, precision: 'exact', capacity };
}

/** The values of a WeakMap: targets of its table's halves of the pairs of edges. */
export function weakValues(graph: HeapGraph, weakMap: number): number[] {
  const table = graph.follow(weakMap, 'internal', 'table');
  if (table < 0) return [];
  const id = graph.ids[table]!;
  const values: number[] = [];
  for (let edge = graph.firstEdge[table]!; edge < graph.firstEdge[table + 1]!; edge++) {
    if (graph.isIndexed(edge)) continue;
    if (graph.strings.ephemeronTable(graph.edgeNames[edge]!) === id) values.push(graph.edgeTo[edge]!);
  }
  return values;
}
