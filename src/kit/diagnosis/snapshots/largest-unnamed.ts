import { classOf, type Heap } from '../../heap/index.js';
import type { Note } from '../model/notes.js';

/**
 * The object with the largest retained size, where it retains a large share of the heap and nothing in the program
 * could be named; null where no single object does. V8's own roots are no objects: they retain everything.
 */
export function largestUnnamed(
  heap: Heap,
  minShare: number,
): Extract<Note, { code: 'unnamed-retainer' }> | null {
  const { graph, retainedSizes } = heap;
  let largest = -1;
  for (let node = 0; node < graph.nodeCount; node += 1) {
    if (isRoot(heap, node)) continue;
    if (largest < 0 || (retainedSizes[node] ?? 0) > (retainedSizes[largest] ?? 0)) largest = node;
  }
  if (largest < 0) return null;
  const retainedBytes = retainedSizes[largest] ?? 0;
  const share = retainedBytes / heap.totalBytes;
  if (share < minShare) return null;
  return { code: 'unnamed-retainer', className: classOf(heap, largest), retainedBytes, share };
}

function isRoot({ graph, landmarks }: Heap, node: number): boolean {
  return (
    node === graph.root ||
    graph.typeOf(node) === 'synthetic' ||
    landmarks.globals.has(node) ||
    graph.nameOf(node).startsWith('system / NativeContext')
  );
}
