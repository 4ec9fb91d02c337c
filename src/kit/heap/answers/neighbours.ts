import { Heap } from '../heap.js';
import { COSTS } from '../path/costs.js';
import { edgeCost } from '../path/edge-costs.js';
import { describeStep } from '../path/describe.js';
import { NodeFacts, factsOf } from './node-facts.js';

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
 * What a node refers to, heaviest first. With `plumbing: false` shapes, code and prototypes, which every
 * object has and nobody looks for, are left out and counted among `more`.
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
    if (options.plumbing === false && edgeCost(graph, node, edge) >= COSTS.prototype) continue;
    edges.push(edge);
  }
  const leftOut = end - graph.firstEdge[node]! - edges.length;
  edges.sort((a, b) => heap.retainedSizes[graph.edgeTo[b]!]! - heap.retainedSizes[graph.edgeTo[a]!]!);
  const found = neighbours(heap, node, edges, options.limit, (edge) => [
    node,
    graph.edgeTo[edge]!,
    graph.edgeTo[edge]!,
  ]);
  return { ...found, more: found.more + leftOut };
}

/** What refers to a node: the most telling edge first, weak ones (which keep nothing) last. */
export function retainers(heap: Heap, node: number, options: { limit?: number } = {}): Neighbours {
  const { graph } = heap;
  const edges: { edge: number; from: number; cost: number }[] = [];
  for (let edge = graph.edgeTo.indexOf(node); edge >= 0; edge = graph.edgeTo.indexOf(node, edge + 1)) {
    const from = graph.sourceOf(edge);
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
