import { Heap } from '../heap.js';
import { searchOwner } from '../path/owner-search.js';
import { scriptOfClass } from '../path/scopes.js';
import { isPackageFile } from '../path/script-name.js';

/**
 * The instance of a package's class that is a node or has it in one of its fields, or -1. Where several instances of
 * classes of one file contain each other, it is the outermost: the program created that one, and can change it.
 */
export function packageInstanceAbove(heap: Heap, node: number): number {
  const { graph } = heap;
  const above = (searchOwner(heap, node)?.steps ?? []).toReversed().map(({ from }) => from);
  let outermost = -1;
  let script: string | null = null;
  for (const [at, one] of [node, ...above].entries()) {
    const type = graph.typeOf(one);
    if (type === 'array' || type === 'hidden') continue;
    const itsScript = type === 'object' ? scriptOfClass(heap, one) : null;
    if (itsScript !== null && isPackageFile(itsScript) && (script === null || itsScript === script)) {
      outermost = one;
      script = itsScript;
    } else if (at > 0) break;
  }
  return outermost;
}
