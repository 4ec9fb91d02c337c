import { orderedEntries } from '../collections/ordered-table.js';
import { Heap } from '../heap.js';

const MAX_KEY = 80;

/** Some of a container's keys that are strings, in order of insertion. Concatenated and sliced strings are left out. */
export function keysOf(heap: Heap, node: number, limit: number): string[] {
  const { graph } = heap;
  const keys: string[] = [];
  const entries = orderedEntries(graph, node, 4 * limit);
  for (const { key } of entries) if (key >= 0 && graph.typeOf(key) === 'string') keys.push(graph.nameOf(key));
  if (entries.length === 0) {
    const property = graph.edgeType('property');
    for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
      if (keys.length >= limit) break;
      const name = graph.edgeKinds[edge] === property ? graph.edgeName(edge) : '__proto__';
      if (name !== '__proto__') keys.push(name);
    }
  }
  return keys.slice(0, limit).map((key) => (key.length > MAX_KEY ? `${key.slice(0, MAX_KEY - 1)}…` : key));
}
