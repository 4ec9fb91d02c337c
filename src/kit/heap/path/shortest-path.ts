import { Heap } from '../heap.js';

/** One step of a path through V8's own edges: the node, and the edge that leads to it (-1 for the root). */
export interface RawStep {
  node: number;
  edge: number;
}

/**
 * The path with the fewest retaining edges from V8's root to a node, by breadth-first search from the node upwards. It
 * goes through V8's internals, so that `ownerPath` is easier to read. Empty if the root does not reach the node.
 */
export function shortestPath(heap: Heap, target: number): RawStep[] {
  const { graph } = heap;
  const down = new Map<number, number>([[target, -1]]);
  let frontier = [target];
  while (frontier.length > 0 && !down.has(graph.root)) {
    const above: number[] = [];
    for (const node of frontier) {
      for (const from of heap.retainersOf(node)) {
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
    const next = down.get(node) ?? target;
    steps.push({ node: next, edge: retainingEdge(heap, node, next) });
    node = next;
  }
  return steps;
}

function retainingEdge(heap: Heap, from: number, to: number): number {
  const { graph, retaining } = heap;
  for (let edge = graph.edgeStart(from); edge < graph.edgeEnd(from); edge++) {
    if (graph.edgeTo[edge] === to && retaining.has(edge)) return edge;
  }
  return -1;
}
