import type { HeapGraph } from '../graph/heap-graph.js';

/**
 * What V8 calls the parts of code that follow from its source. Feedback and optimized code have names as well, which a
 * function has learned from what it was called with: those may be data.
 */
const FROM_SOURCE =
  /^(?:\(constant pool\)|\(shared function info\)|\(context local names\)|\(constant elements\)|system \/ (?:ScopeInfo|ObjectBoilerplateDescription|ClassBoilerplate|UncompiledData\w*))$/;

/** The strings that code refers to, by index: its variables, the properties that it reads and writes, its functions. */
export function namesInCode(graph: HeapGraph): Set<number> {
  const found = new Set<number>();
  const code = graph.nodeType('code');
  const string = graph.nodeType('string');
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.types[node] !== code || !FROM_SOURCE.test(graph.nameOf(node))) continue;
    for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
      const to = graph.targetOf(edge);
      if (graph.types[to] === string) found.add(graph.names[to]!);
    }
  }
  return found;
}
