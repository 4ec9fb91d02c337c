import type { EdgeTypeName, HeapGraph } from './heap-graph.js';

/** Calls `visit` with the name and the target of each edge of a type. */
export function eachEdge(
  graph: HeapGraph,
  node: number,
  type: EdgeTypeName,
  visit: (name: string, target: number) => void,
): void {
  const kind = graph.edgeType(type);
  for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
    if (graph.edgeKinds[edge] === kind) visit(graph.edgeName(edge), graph.targetOf(edge));
  }
}
