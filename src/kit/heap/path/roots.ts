import type { Heap } from '../heap.js';

/**
 * Whether a node is a root in the sense of a report: V8's root and synthetic roots, its native contexts and the global
 * objects. They dominate most of the heap, which says nothing about the program.
 */
export function isRoot({ graph, namedRoots }: Heap, node: number): boolean {
  return (
    node === graph.root ||
    graph.typeOf(node) === 'synthetic' ||
    namedRoots.globals.has(node) ||
    graph.nameOf(node).startsWith('system / NativeContext')
  );
}
