import { Heap } from '../heap.js';

/** One step of V8's own path: the node, and the edge that leads to it (-1 for the root). */
export interface RawStep {
  node: number;
  edge: number;
}

/**
 * The path with the fewest retaining edges from V8's root, through whatever is there. True and often
 * unreadable; it is the answer to "but what does V8 say?". Empty when the root does not reach the node.
 */
export function shortestPath(heap: Heap, target: number): RawStep[] {
  const { graph, retainers } = heap;
  const down = new Map<number, number>([[target, -1]]);
  let frontier = [target];
  while (frontier.length > 0 && !down.has(graph.root)) {
    const above: number[] = [];
    for (const node of frontier) {
      for (let at = retainers.first[node]!; at < retainers.first[node + 1]!; at++) {
        const from = retainers.from[at]!;
        if (down.has(from)) continue;
        down.set(from, node);
        above.push(from);
      }
    }
    frontier = above;
  }
  if (!down.has(graph.root)) return [];
  const steps: RawStep[] = [{ node: graph.root, edge: -1 }];
  for (let node = graph.root; node !== target;) {
    const next = down.get(node)!;
    steps.push({ node: next, edge: retainingEdge(heap, node, next) });
    node = next;
  }
  return steps;
}

function retainingEdge(heap: Heap, from: number, to: number): number {
  const { graph, retaining } = heap;
  for (let edge = graph.firstEdge[from]!; edge < graph.firstEdge[from + 1]!; edge++) {
    if (graph.edgeTo[edge] === to && retaining.has(edge)) return edge;
  }
  return -1;
}
