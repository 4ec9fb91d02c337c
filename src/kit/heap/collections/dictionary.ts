import { HeapGraph } from '../graph/heap-graph.js';
import { Count } from './ordered-table.js';
import { eachSlot, slotCounts } from './slots.js';

/** V8's NameDictionary: six slots of counts and flags, then key, value and details of each property. */
const PREFIX = 6;
const ENTRY_WIDTH = 3;
/** The name of the store of an object in dictionary mode. The store of an object in fast mode is a hidden node. */
const DICTIONARY = '(object properties)';

/**
 * Counts the own properties and elements of an object. Small integers have no edge, but in dictionary mode the edges of
 * the keys are counted, so that the count is exact there.
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
  // Every object has an edge to its __proto__, which is no own property.
  properties = Math.max(0, properties - 1);
  const store = graph.follow(node, 'internal', 'properties');
  if (store >= 0 && graph.typeOf(store) === 'array' && graph.nameOf(store) === DICTIONARY) {
    let keys = 0;
    eachSlot(graph, store, 'internal', (slot) => {
      if (slot >= PREFIX && (slot - PREFIX) % ENTRY_WIDTH === 0) keys++;
    });
    const room = slotCounts(graph.selfBytesOf(store))[0] ?? 0;
    const capacity = Math.max(keys, Math.floor((room - PREFIX) / ENTRY_WIDTH));
    return { entries: keys + elements, precision: 'exact', capacity: capacity + elements };
  }
  const entries = properties + elements;
  return { entries, precision: 'exact', capacity: entries };
}

/** V8's `undefined`, as Node 22 names it. Before, all oddballs (`true`, `null`, …) have one name. */
const UNDEFINED = 'undefined';
const ODDBALL = 'system / Oddball';

/**
 * Counts the elements of an Array. Objects and strings have an edge each and numbers have none, so that only the capacity
 * of an Array of numbers is known. Slots with `undefined` are not counted: an LRU cache makes as many as it has room for.
 */
export function countElements(graph: HeapGraph, node: number): Count {
  const element = graph.edgeType('element');
  const hidden = graph.nodeType('hidden');
  const undefinedName = graph.strings.indexOf(UNDEFINED);
  const oddballName = graph.strings.indexOf(ODDBALL);
  let seen = 0;
  let empty = 0;
  let oddballs = 0;
  let last = -1;
  const end = graph.firstEdge[node + 1]!;
  for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
    if (graph.edgeKinds[edge] !== element) continue;
    const to = graph.edgeTo[edge]!;
    const isHidden = graph.types[to] === hidden;
    if (isHidden && graph.names[to] === undefinedName) empty++;
    else if (isHidden && graph.names[to] === oddballName) oddballs++;
    else seen++;
    last = Math.max(last, graph.edgeNames[edge]!);
  }
  const store = graph.follow(node, 'internal', 'elements');
  const capacity = store < 0 ? 0 : (slotCounts(graph.selfBytesOf(store))[0] ?? 0);
  const all = seen + empty + oddballs;
  if (all === 0) {
    return { entries: capacity, precision: capacity === 0 ? 'exact' : 'at most', capacity };
  }
  if (seen === 0 && oddballs > 0) return { entries: oddballs, precision: 'at most', capacity };
  // V8 stores a sparse array in a dictionary that has fewer slots than the array has indexes.
  const unseen = last >= capacity ? 0 : last + 1 - all;
  const precision = unseen > 0 || oddballs > 0 ? 'at least' : 'exact';
  return { entries: seen + unseen, precision, capacity };
}
