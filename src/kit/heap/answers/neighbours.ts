import { isKeyOfMap } from '../collections/ordered-table.js';
import type { HeapGraph } from '../graph/heap-graph.js';
import { Heap } from '../heap.js';
import { COSTS } from '../path/costs.js';
import { edgeCost } from '../path/edge-costs.js';
import { describeStep } from '../path/describe.js';
import { NodeFacts, factsOf } from './node-facts.js';

const STRINGS = new Set(['string', 'concatenated string', 'sliced string']);

export interface Neighbour extends NodeFacts {
  /** V8's edge: its type and its name. */
  edgeType: string;
  edgeName: string;
  /** The edge as the program would write it, such as `.users` or `["key"]`; '' for V8's plumbing. */
  via: string;
  /** Whether this edge keeps its target alive. */
  retains: boolean;
}

export interface Neighbours {
  of: NodeFacts;
  list: Neighbour[];
  /** How many more there are than are listed. */
  more: number;
}

/**
 * What a node refers to, heaviest first. With `plumbing: false` nobody hears of what nobody looks for: shapes, code
 * and prototypes, which every object has, and the strings that are keys of a Map, by which its values go.
 */
export function references(
  heap: Heap,
  node: number,
  options: { limit?: number; plumbing?: boolean } = {},
): Neighbours {
  const { graph } = heap;
  const edges: number[] = [];
  const end = graph.firstEdge[node + 1]!;
  for (let edge = graph.firstEdge[node]!; edge < end; edge++) {
    if (options.plumbing === false && isPlumbing(graph, node, edge)) continue;
    edges.push(edge);
  }
  edges.sort((a, b) => heap.retainedSizes[graph.edgeTo[b]!]! - heap.retainedSizes[graph.edgeTo[a]!]!);
  return neighbours(heap, node, edges, options.limit, (edge) => [
    node,
    graph.edgeTo[edge]!,
    graph.edgeTo[edge]!,
  ]);
}

function isPlumbing(graph: HeapGraph, node: number, edge: number): boolean {
  const isNamed = STRINGS.has(graph.typeOf(graph.edgeTo[edge]!)) && isKeyOfMap(graph, node, edge);
  return isNamed || edgeCost(graph, node, edge) >= COSTS.prototype;
}

/**
 * What refers to a node: the most telling edge first, weak ones (which keep nothing) last. Given what holds the node
 * because somebody looks at it (`promptNodes`), neither that is told nor what only the running functions hold.
 */
export function retainers(
  heap: Heap,
  node: number,
  options: { limit?: number; lookers?: ReadonlySet<number> | undefined } = {},
): Neighbours {
  const { graph } = heap;
  const { lookers } = options;
  const edges: { edge: number; from: number; cost: number }[] = [];
  for (let edge = graph.edgeTo.indexOf(node); edge >= 0; edge = graph.edgeTo.indexOf(node, edge + 1)) {
    const from = graph.sourceOf(edge);
    if (lookers !== undefined && (lookers.has(from) || isFromOutside(heap, edge))) continue;
    edges.push({ edge, from, cost: edgeCost(graph, from, edge) + (heap.retaining.has(edge) ? 0 : 1e6) });
  }
  edges.sort((a, b) => a.cost - b.cost);
  const sources = new Map(edges.map(({ edge, from }) => [edge, from]));
  const list = edges.map(({ edge }) => edge);
  return neighbours(heap, node, list, options.limit, (edge) => [
    sources.get(edge)!,
    node,
    sources.get(edge)!,
  ]);
}

/** Strong, and yet no reason: it comes from what the program's globals do not reach, such as a function that runs. */
function isFromOutside({ graph, retaining }: Heap, edge: number): boolean {
  const inWeakMap = !graph.isIndexed(edge) && graph.strings.ephemeronTable(graph.edgeNames[edge]!) >= 0;
  return !retaining.has(edge) && !inWeakMap && graph.edgeTypeOf(edge) !== 'weak';
}

/**
 * The same, where the table of a Map, the elements of an array and the cell of a variable are V8's business: what they
 * hold is told at what they belong to.
 */
export function neighboursPastStores(
  heap: Heap,
  node: number,
  direction: 'references' | 'retainers',
  { limit = 20, lookers }: { limit?: number; lookers?: ReadonlySet<number> | undefined } = {},
): Neighbours {
  const ask = (of: number): Neighbours =>
    direction === 'references'
      ? references(heap, of, { limit, plumbing: false })
      : retainers(heap, of, { limit, lookers });
  const near = ask(node);
  const list: Neighbour[] = [];
  let { more } = near;
  for (const one of near.list) {
    const isStore = one.type === 'array' || (one.type === 'hidden' && direction === 'retainers');
    const past = isStore ? ask(one.node) : null;
    if (past === null || past.list.length === 0) {
      // The store that all empty ones share is nobody's; one that only lookers have is not told.
      if (past === null || (direction === 'references' && one.retainedBytes > 0)) list.push(one);
      continue;
    }
    more += past.more;
    // From above, the entry is what the table calls it; from below, what it is called in the table.
    for (const other of past.list) {
      const via = direction === 'references' ? other.via : one.via || other.via;
      // A property is told by its name, and not once more by its place in a store.
      if (via === '' && list.some(({ node: told }) => told === other.node)) continue;
      list.push({ ...other, retains: one.retains && other.retains, via });
    }
  }
  return { of: near.of, list: list.slice(0, limit), more: more + Math.max(0, list.length - limit) };
}

function neighbours(
  heap: Heap,
  node: number,
  edges: number[],
  limit = 20,
  ends: (edge: number) => [from: number, to: number, other: number],
): Neighbours {
  const { graph } = heap;
  const list = edges.slice(0, limit).map((edge) => {
    const [from, to, other] = ends(edge);
    return Object.assign(factsOf(heap, other), {
      edgeType: graph.edgeTypeOf(edge),
      edgeName: graph.edgeName(edge),
      via: describeStep(heap, { from, to, edge, label: null }),
      retains: heap.retaining.has(edge),
    });
  });
  return { of: factsOf(heap, node), list, more: edges.length - list.length };
}
