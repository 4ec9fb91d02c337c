import { Bits } from '../graph/bits.js';
import { Heap } from '../heap.js';

export interface HistogramRow {
  className: string;
  count: number;
  shallowBytes: number;
  /** What would be freed without any of them. An instance that another one of the class dominates is counted once. */
  retainedBytes: number;
}

export type HistogramOrder = 'count' | 'shallowBytes' | 'retainedBytes';

/**
 * Count, shallow size and retained size by class, the largest first. As in DevTools, nodes with a shallow size of zero
 * are not counted.
 */
export function histogram(heap: Heap, options: { limit?: number; by?: HistogramOrder } = {}): HistogramRow[] {
  const { classes, graph, shallowSizes, retainedSizes, dominated } = heap;
  const counts: number[] = [];
  const shallow: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const size = shallowSizes[node]!;
    if (size === 0) continue;
    const index = classes.of(node);
    counts[index] = (counts[index] ?? 0) + 1;
    shallow[index] = (shallow[index] ?? 0) + size;
  }
  const retained = new Float64Array(classes.count);
  const active = new Uint8Array(classes.count);
  const activated = new Bits(graph.nodeCount);
  dominated.walk(
    (node) => {
      const index = shallowSizes[node] === 0 ? -1 : classes.of(node);
      if (index < 0 || active[index] === 1) return;
      retained[index]! += retainedSizes[node]!;
      active[index] = 1;
      activated.add(node);
    },
    (node) => {
      if (activated.has(node)) active[classes.of(node)] = 0;
    },
  );
  const by = options.by ?? 'shallowBytes';
  const rows = [...counts.keys()].filter((index) => counts[index] !== undefined);
  return rows
    .map((index) => ({
      className: classes.name(index),
      count: counts[index]!,
      shallowBytes: shallow[index]!,
      retainedBytes: retained[index]!,
    }))
    .toSorted((a, b) => b[by] - a[by])
    .slice(0, options.limit ?? Infinity);
}
