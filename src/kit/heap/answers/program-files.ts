import { Heap } from '../heap.js';
import { scriptOfClosure } from '../path/scopes.js';
import { isNodeFile } from '../path/script-name.js';

/** The files that a program and its packages were loaded from, by the functions in a snapshot. */
export function programFiles(heap: Heap): Set<string> {
  const { graph } = heap;
  const closure = graph.nodeType('closure');
  const files = new Set<string>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.types[node] !== closure) continue;
    const file = scriptOfClosure(heap, node);
    if (file !== null && !isNodeFile(file)) files.add(file);
  }
  return files;
}
