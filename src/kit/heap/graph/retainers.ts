import { Bits } from './bits.js';
import { HeapGraph } from './heap-graph.js';

/** The retaining edges by target: the retainers of node n are from[first[n]] … from[first[n + 1] - 1]. */
export interface Retainers {
  readonly first: Uint32Array;
  readonly from: Uint32Array;
}

/** Sorts the retaining edges by target in two passes: the first counts, the second fills from the end. */
export function retainersOf(graph: HeapGraph, retaining: Bits): Retainers {
  const { nodeCount, edgeCount, firstEdge, edgeTo } = graph;
  const first = new Uint32Array(nodeCount + 1);
  let total = 0;
  for (let edge = 0; edge < edgeCount; edge++) {
    if (!retaining.has(edge)) continue;
    first[edgeTo[edge]!]!++;
    total++;
  }
  for (let node = 0, sum = 0; node < nodeCount; node++) {
    sum += first[node]!;
    first[node] = sum;
  }
  first[nodeCount] = total;
  const from = new Uint32Array(total);
  for (let node = nodeCount - 1; node >= 0; node--) {
    for (let edge = firstEdge[node + 1]! - 1; edge >= firstEdge[node]!; edge--) {
      if (retaining.has(edge)) from[--first[edgeTo[edge]!]!] = node;
    }
  }
  return { first, from };
}
