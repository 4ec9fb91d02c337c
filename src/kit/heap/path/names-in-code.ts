import type { HeapGraph } from '../graph/heap-graph.js';

/**
 * The strings that compiled code refers to, by index: its variables, the properties that it reads and writes, its
 * functions. What a function has learned about its callers (feedback) has names of dynamic properties too, and is left out.
 */
export function namesInCode(graph: HeapGraph): Set<number> {
  const found = new Set<number>();
  const code = graph.nodeType('code');
  const string = graph.nodeType('string');
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.types[node] !== code || graph.nameOf(node).includes('Feedback')) continue;
    for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
      const to = graph.targetOf(edge);
      if (graph.types[to] === string) found.add(graph.names[to]!);
    }
  }
  return found;
}
