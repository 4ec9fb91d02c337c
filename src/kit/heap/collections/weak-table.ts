import { HeapGraph } from '../graph/heap-graph.js';
import { Count } from './ordered-table.js';
import { eachSlot, isPowerOfTwo, slotCounts } from './slots.js';

const PREFIX = 3;

/**
 * The table behind a WeakMap or WeakSet (V8, EphemeronHashTable in src/objects/hash-table.h): three
 * counts, then key and value in turn. Keys are always objects, so counting their weak edges is exact. The V8 of
 * Chrome 156 shows no slots any more, and of the entries only those whose value is an object.
 */
export function weakTableCapacity(selfSize: number): number | null {
  for (const slots of slotCounts(selfSize)) {
    const capacity = (slots - PREFIX) / 2;
    if (isPowerOfTwo(capacity)) return capacity;
  }
  return null;
}

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

/** Targets of the table's halves of the pairs of edges. */
function valuesIn(graph: HeapGraph, table: number): number[] {
  const id = graph.ids[table]!;
  const values: number[] = [];
  for (let edge = graph.firstEdge[table]!; edge < graph.firstEdge[table + 1]!; edge++) {
    if (graph.isIndexed(edge)) continue;
    if (graph.strings.ephemeronTable(graph.edgeNames[edge]!) === id) values.push(graph.edgeTo[edge]!);
  }
  return values;
}
