import { Heap } from '../heap.js';
import { sizesOf } from './group-sizes.js';

export interface HistogramRow {
  className: string;
  count: number;
  shallowBytes: number;
  /** What each of them retains. An instance that another one of the class dominates is counted once. */
  retainedBytes: number;
}

export type HistogramOrder = 'count' | 'shallowBytes' | 'retainedBytes';

/**
 * Count, shallow size and retained size by class, the largest first. As in DevTools, nodes with a shallow size of zero
 * are not counted.
 */
export function histogram(heap: Heap, options: { limit?: number; by?: HistogramOrder } = {}): HistogramRow[] {
  const { classes, graph, shallowSizes } = heap;
  // Classes are numbered when they are first asked for.
  for (let node = 0; node < graph.nodeCount; node++) classes.of(node);
  const { counts, shallow, retained } = sizesOf(heap, {
    count: classes.count,
    of: (node) => (shallowSizes[node] === 0 ? -1 : classes.of(node)),
  });
  const by = options.by ?? 'shallowBytes';
  return Array.from(counts, (count, index) => ({
    className: classes.name(index),
    count,
    shallowBytes: shallow[index]!,
    retainedBytes: retained[index]!,
  }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b[by] - a[by])
    .slice(0, options.limit ?? Infinity);
}
