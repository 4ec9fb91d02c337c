import { Heap } from '../heap.js';
import { searchOwner } from '../path/owner-search.js';
import { isPackageScript, scriptOfClass } from '../path/scopes.js';

/**
 * The instance of a package's class that keeps a node in one of its fields, or is that node; -1 for none. It is what
 * the program made and can change.
 */
export function packageInstanceAbove(heap: Heap, node: number): number {
  const { graph } = heap;
  const isInstance = (one: number): boolean =>
    graph.typeOf(one) === 'object' && isPackageScript(scriptOfClass(heap, one));
  if (isInstance(node)) return node;
  for (const { from } of (searchOwner(heap, node)?.steps ?? []).toReversed()) {
    if (graph.typeOf(from) === 'array' || graph.typeOf(from) === 'hidden') continue;
    return isInstance(from) ? from : -1;
  }
  return -1;
}
