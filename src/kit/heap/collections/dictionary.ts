import { HeapGraph } from '../graph/heap-graph.js';
import { Count } from './ordered-table.js';
import { eachSlot, slotCounts } from './slots.js';

/** V8's NameDictionary: six counts and marks, then key, value and details of each property. */
const PREFIX = 6;
const ENTRY_WIDTH = 3;
/** What DevTools and V8 name the store of an object in dictionary mode; a fast one's is hidden. */
const DICTIONARY = '(object properties)';

/**
 * The own properties and elements of an object. Values that are small integers have no edge; in
 * dictionary mode their keys still have, so there the count is exact.
 */
export function countProperties(graph: HeapGraph, node: number): Count {
  const property = graph.edgeType('property');
  const element = graph.edgeType('element');
  let properties = 0;
  let elements = 0;
  const end = graph.firstEdge[node + 1]!;
  for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
    if (graph.edgeKinds[edge] === property) properties++;
    else if (graph.edgeKinds[edge] === element) elements++;
  }
  // Every object has its __proto__ as an edge.
  properties = Math.max(0, properties - 1);
  const store = graph.follow(node, 'internal', 'properties');
  if (store >= 0 && graph.typeOf(store) === 'array' && graph.nameOf(store) === DICTIONARY) {
    let keys = 0;
    eachSlot(graph, store, 'internal', (slot) => {
      if (slot >= PREFIX && (slot - PREFIX) % ENTRY_WIDTH === 0) keys++;
    });
    const room = slotCounts(graph.selfSizes[store]!)[0] ?? 0;
    const capacity = Math.max(keys, Math.floor((room - PREFIX) / ENTRY_WIDTH));
    return { entries: keys + elements, precision: 'exact', capacity: capacity + elements };
  }
  const entries = properties + elements;
  return { entries, precision: 'exact', capacity: entries };
}

/**
 * The elements of an Array. Objects and strings have an edge each, numbers none: an Array of numbers
 * alone is known by its room.
 */
export function countElements(graph: HeapGraph, node: number): Count {
  const element = graph.edgeType('element');
  let seen = 0;
  let last = -1;
  const end = graph.firstEdge[node + 1]!;
  for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
    if (graph.edgeKinds[edge] !== element) continue;
    seen++;
    last = Math.max(last, graph.edgeNames[edge]!);
  }
  const store = graph.follow(node, 'internal', 'elements');
  const capacity = store < 0 ? 0 : (slotCounts(graph.selfSizes[store]!)[0] ?? 0);
  if (seen === 0) {
    return { entries: capacity, precision: capacity === 0 ? 'exact' : 'at most', capacity };
  }
  // Sparse arrays live in a dictionary that is smaller than their length.
  if (last + 1 === seen || last >= capacity) return { entries: seen, precision: 'exact', capacity };
  return { entries: last + 1, precision: 'at least', capacity };
}
