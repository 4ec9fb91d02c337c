import { retainedSizesOf } from '../graph/sizes.js';
import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import { Baseline } from './baseline.js';

/** Of each node's retained size what is new since the baseline. Where old was replaced by new, nothing was gained. */
export function freshSizes(before: Baseline, after: Heap): WideArray {
  const { graph, shallowSizes, dominators } = after;
  const fresh = shallowSizes.map((bytes, node) => (before.ids.has(graph.ids[node]!) ? 0 : bytes));
  return retainedSizesOf(fresh, dominators);
}

/**
 * What a node retains more than it did, in bytes. Of one that is itself new (a list that is copied at every change),
 * what the first object above it gained that was there before, at most what the node retains.
 */
export function gainOf(before: Baseline, after: Heap, node: number): number {
  const { graph, dominators, retainedSizes } = after;
  let at = node;
  while (at !== graph.root && !before.ids.has(graph.ids[at]!)) at = dominators.of[at]!;
  const was = at === graph.root ? before.totalBytes : (before.retained.get(graph.ids[at]!) ?? 0);
  return Math.min(retainedSizes[node]!, retainedSizes[at]! - was);
}
