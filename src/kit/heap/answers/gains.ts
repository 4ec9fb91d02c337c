import { retainedSizesOf } from '../graph/sizes.js';
import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import { Baseline } from './baseline.js';

/**
 * Of each node's retained size what is new since the baseline: new objects, and what the tables of old ones grew by.
 * Where old was replaced by new, this is no gain: see `gainOf`.
 */
export function freshSizes(before: Baseline, after: Heap): WideArray {
  const { graph, shallowSizes, dominators } = after;
  const fresh = shallowSizes.map((bytes, node) => {
    const id = graph.ids[node]!;
    return before.ids.has(id) ? Math.max(0, bytes - (before.shallow.get(id) ?? bytes)) : bytes;
  });
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
