import { Heap } from '../heap.js';
import { searchOwner } from '../path/owner-search.js';
import { scriptOfClass } from '../path/scopes.js';
import { isPackageFile } from '../path/script-name.js';

/**
 * The instance of a package's class that keeps a node in one of its fields, or is that node; -1 for none. Of several
 * of one file, each inside of the next, the outermost: it is what the program made and can change.
 */
export function packageInstanceAbove(heap: Heap, node: number): number {
  const { graph } = heap;
  const above = (searchOwner(heap, node)?.steps ?? []).toReversed().map(({ from }) => from);
  let outermost = -1;
  let script: string | null = null;
  for (const [at, one] of [node, ...above].entries()) {
    const type = graph.typeOf(one);
    if (type === 'array' || type === 'hidden') continue;
    const its = type === 'object' ? scriptOfClass(heap, one) : null;
    if (its !== null && isPackageFile(its) && (script === null || its === script)) {
      outermost = one;
      script = its;
    } else if (at > 0) break;
  }
  return outermost;
}
