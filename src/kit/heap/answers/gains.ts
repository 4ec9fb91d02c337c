import { retainedSizesOf } from '../graph/sizes.js';
import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import { Baseline } from './baseline.js';

/**
 * The part of each node's retained size that is new since the baseline: new objects, and the growth of the tables of
 * older ones. It counts objects that replaced others as new, although memory did not grow by them: see `gainOf`.
 *
 * @returns bytes by node
 */
export function newRetainedSizes(before: Baseline, after: Heap): WideArray {
  const { graph, shallowSizes, dominators } = after;
  const added = shallowSizes.map((bytes, node) => {
    const id = graph.idOf(node);
    return before.ids.has(id) ? Math.max(0, bytes - (before.shallow.get(id) ?? bytes)) : bytes;
  });
  return retainedSizesOf(added, dominators);
}

/**
 * By how many bytes the retained size of a node has grown since the baseline. A node may be new itself, such as a list
 * that is copied at every change. Then it is the gain of its nearest dominator that existed before, and at most the
 * node's retained size.
 */
export function gainOf(before: Baseline, after: Heap, node: number): number {
  const { graph } = after;
  let at = node;
  while (at !== graph.root && !before.ids.has(graph.idOf(at))) at = after.dominatorOf(at);
  const bytesBefore = at === graph.root ? before.totalBytes : (before.retained.get(graph.idOf(at)) ?? 0);
  return Math.min(after.retainedBytesOf(node), after.retainedBytesOf(at) - bytesBefore);
}
