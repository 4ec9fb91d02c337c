import { Bits } from '../graph/bits.js';
import type { Heap } from '../heap.js';

/** Nodes of the same number. */
export interface Groups {
  readonly count: number;
  /** The number of a node's group; -1 for none. */
  of(node: number): number;
}

export interface GroupSizes {
  counts: Uint32Array;
  shallow: Float64Array;
  /**
   * What each node of the group retains, counted once: a node that another one of the group dominates adds nothing. What
   * several of them retain together, and none alone, is not in it, as in DevTools.
   */
  retained: Float64Array;
}

/** Count, shallow and retained size of groups, in one pass down the dominator tree. */
export function sizesOf(heap: Heap, groups: Groups): GroupSizes {
  const { graph, shallowSizes, retainedSizes, dominated } = heap;
  const counts = new Uint32Array(groups.count);
  const shallow = new Float64Array(groups.count);
  const retained = new Float64Array(groups.count);
  const active = new Uint8Array(groups.count);
  const activated = new Bits(graph.nodeCount);
  dominated.walk(
    (node) => {
      const group = groups.of(node);
      if (group < 0) return;
      counts[group]!++;
      shallow[group]! += shallowSizes[node]!;
      if (active[group] === 1) return;
      retained[group]! += retainedSizes[node]!;
      active[group] = 1;
      activated.add(node);
    },
    (node) => {
      if (activated.has(node)) active[groups.of(node)] = 0;
    },
  );
  return { counts, shallow, retained };
}
