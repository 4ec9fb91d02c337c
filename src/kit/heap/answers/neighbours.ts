import { isKeyOfMap } from '../collections/ordered-table.js';
import type { HeapGraph } from '../graph/heap-graph.js';
import { Heap } from '../heap.js';
import { EDGE_COSTS } from '../path/costs.js';
import { edgeCost } from '../path/edge-costs.js';
import { describeStep } from '../path/describe.js';
import { NodeFacts, factsOf } from './node-facts.js';

const STRINGS = new Set(['string', 'concatenated string', 'sliced string']);

export interface Neighbour extends NodeFacts {
  /** V8's edge: its type and its name. */
  edgeType: string;
  edgeName: string;
  /** The edge as the program would write it, such as `.users` or `["key"]`; '' for an edge inside V8. */
  via: string;
  /** Whether this edge retains its target. */
  retains: boolean;
}

/** An edge of a node, and its other end. */
interface Found {
  edge: number;
  from: number;
  to: number;
  other: number;
}

/** Added to the cost of an edge that does not retain; more than any edge costs. */
const NOT_RETAINING = 1e6;

export interface Neighbours {
  of: NodeFacts;
  list: Neighbour[];
  /** Number of neighbours that are not in the list. */
  more: number;
}

/**
 * The nodes that a node refers to, the largest retained size first.
 *
 * @param options.limit the longest list, 20 by default
 * @param options.engineInternals false to leave out shapes, code and prototypes, which every object has, and the strings
 * that are keys of a Map, because the names of its values contain them
 */
export function references(
  heap: Heap,
  node: number,
  options: { limit?: number; engineInternals?: boolean } = {},
): Neighbours {
  const { graph } = heap;
  const { limit = 20 } = options;
  const edges: number[] = [];
  const end = graph.edgeEnd(node);
  for (let edge = graph.edgeStart(node); edge < end; edge++) {
    if (options.engineInternals === false && isEngineInternal(graph, node, edge)) continue;
    edges.push(edge);
  }
  const sizeBehind = (edge: number): number => heap.retainedBytesOf(graph.targetOf(edge));
  edges.sort((a, b) => sizeBehind(b) - sizeBehind(a));
  const listed = edges.slice(0, limit).map((edge): Found => {
    const to = graph.targetOf(edge);
    return { edge, from: node, to, other: to };
  });
  return neighbours(heap, node, listed, edges.length);
}

function isEngineInternal(graph: HeapGraph, node: number, edge: number): boolean {
  const isKey = STRINGS.has(graph.typeOf(graph.targetOf(edge))) && isKeyOfMap(graph, node, edge);
  return isKey || edgeCost(graph, node, edge) >= EDGE_COSTS.prototype;
}

/**
 * The nodes that refer to a node, the cheapest edge (by `edgeCost`) first, those that do not retain it last.
 *
 * @param options.limit the longest list, 20 by default
 * @param options.promptNodes nodes of a console (see `findPromptNodes`), which are left out together with nodes that the
 * global objects do not reach, such as running functions
 */
export function retainers(
  heap: Heap,
  node: number,
  options: { limit?: number; promptNodes?: ReadonlySet<number> | undefined } = {},
): Neighbours {
  const { graph } = heap;
  const { limit = 20, promptNodes } = options;
  const edges: (Found & { cost: number })[] = [];
  for (let edge = graph.edgeTo.indexOf(node); edge >= 0; edge = graph.edgeTo.indexOf(node, edge + 1)) {
    const from = graph.sourceOf(edge);
    if (promptNodes !== undefined && (promptNodes.has(from) || isFromUnreachable(heap, edge))) continue;
    const cost = edgeCost(graph, from, edge) + (heap.retaining.has(edge) ? 0 : NOT_RETAINING);
    edges.push({ edge, from, to: node, other: from, cost });
  }
  edges.sort((a, b) => a.cost - b.cost);
  return neighbours(heap, node, edges.slice(0, limit), edges.length);
}

/** A strong edge that does not retain: it starts at a node that the global objects do not reach, such as a running function. */
function isFromUnreachable({ graph, retaining }: Heap, edge: number): boolean {
  const inWeakMap = !graph.isIndexed(edge) && graph.strings.ephemeronTable(graph.nameNumberOf(edge)) >= 0;
  return !retaining.has(edge) && !inWeakMap && graph.edgeTypeOf(edge) !== 'weak';
}

/**
 * The references or retainers of a node without V8's stores: an entry of a Map's table, an element of an array or the
 * content of a variable's cell is listed as a neighbour of the Map, the array or the scope.
 */
export function neighboursThroughStores(
  heap: Heap,
  node: number,
  direction: 'references' | 'retainers',
  { limit = 20, promptNodes }: { limit?: number; promptNodes?: ReadonlySet<number> | undefined } = {},
): Neighbours {
  const ask = (of: number): Neighbours =>
    direction === 'references'
      ? references(heap, of, { limit, engineInternals: false })
      : retainers(heap, of, { limit, promptNodes });
  const near = ask(node);
  const list: Neighbour[] = [];
  let { more } = near;
  for (const one of near.list) {
    const isStore = one.type === 'array' || (one.type === 'hidden' && direction === 'retainers');
    const past = isStore ? ask(one.node) : null;
    if (past === null || past.list.length === 0) {
      // All empty containers share one empty store, which has no retained size. A retaining store without retainers of
      // its own belongs to a console.
      if (past === null || (direction === 'references' && one.retainedBytes > 0)) list.push(one);
      continue;
    }
    more += past.more;
    // The name is that of the entry: the second edge for references, the first edge for retainers.
    for (const other of past.list) {
      const via = direction === 'references' ? other.via : one.via || other.via;
      // A property has an edge with its name already; its slot in a store would be a second entry.
      if (via === '' && list.some(({ node: listed }) => listed === other.node)) continue;
      list.push({ ...other, retains: one.retains && other.retains, via });
    }
  }
  return { of: near.of, list: list.slice(0, limit), more: more + Math.max(0, list.length - limit) };
}

function neighbours(heap: Heap, node: number, listed: readonly Found[], total: number): Neighbours {
  const { graph } = heap;
  const list = listed.map(({ edge, from, to, other }) => {
    return Object.assign(factsOf(heap, other), {
      edgeType: graph.edgeTypeOf(edge),
      edgeName: graph.edgeName(edge),
      via: describeStep(heap, { from, to, edge, label: null }),
      retains: heap.retaining.has(edge),
    });
  });
  return { of: factsOf(heap, node), list, more: total - list.length };
}
