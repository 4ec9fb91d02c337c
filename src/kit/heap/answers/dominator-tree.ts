import { Heap } from '../heap.js';
import { NodeFacts, factsOf } from './node-facts.js';
import { Top } from './top.js';

export interface DominatorTreeNode extends NodeFacts {
  /** Share of the whole heap, 0 to 1. */
  share: number;
  children: DominatorTreeNode[];
  /** The sum of the children that are not shown. */
  more: { count: number; retainedBytes: number };
}

export interface DominatorTreeOptions {
  /** The node to start from; the root of the heap by default. */
  node?: number;
  depth?: number;
  breadth?: number;
  /** Children that retain a smaller share of the heap are summed up in `more`. */
  minShare?: number;
}

/** The dominator tree from a node down, the children with the largest retained size first. */
export function dominatorTree(heap: Heap, options: DominatorTreeOptions = {}): DominatorTreeNode {
  const { node = heap.graph.root, depth = 4, breadth = 5, minShare = 0.01 } = options;
  const total = Math.max(1, heap.totalBytes);
  const build = (at: number, depthLeft: number): DominatorTreeNode => {
    const top = new Top<number>(depthLeft > 0 ? breadth : 0, (child) => heap.retainedBytesOf(child));
    let count = 0;
    let bytes = 0;
    for (const child of heap.dominated.children(at)) {
      count++;
      bytes += heap.retainedBytesOf(child);
      if (heap.retainedBytesOf(child) >= minShare * total) top.add(child);
    }
    const children = top.sorted().map((child) => build(child, depthLeft - 1));
    for (const child of children) bytes -= child.retainedBytes;
    return {
      ...factsOf(heap, at),
      share: heap.retainedBytesOf(at) / total,
      children,
      more: { count: count - children.length, retainedBytes: bytes },
    };
  };
  return build(node, depth);
}
