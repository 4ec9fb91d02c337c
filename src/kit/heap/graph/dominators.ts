import { Bits } from './bits.js';
import { HeapGraph } from './heap-graph.js';
import { Retainers } from './retainers.js';

export interface Dominators {
  /** The immediate dominator of each node; the root is its own. */
  readonly of: Uint32Array;
  /** All nodes, the root first, each node after its dominator. */
  readonly order: Uint32Array;
}

/** A depth-first walk. Nodes are numbered from 1 in the order of their first visit; 0 means "not visited". */
interface Walk {
  number: Uint32Array;
  order: Uint32Array;
  parent: Uint32Array;
  /** Numbers up to this one were reached from the root, or from a node without a retaining edge to it. */
  lastReached: number;
}

/**
 * Computes dominators by Semi-NCA (L. Georgiadis, "Linear-time algorithms for dominators and related problems",
 * Princeton 2005, section 2.3; its variable names are used here): the semidominators of Lengauer and Tarjan with path
 * compression, then one climb up the tree for each node instead of buckets. The dominator tree is unique, so that both
 * algorithms give the same one.
 *
 * The root dominates nodes that nothing retains, as in DevTools. It also dominates each member of a cycle that only its
 * own members retain, and everything that such a cycle reaches.
 */
export function dominatorsOf(graph: HeapGraph, retaining: Bits, retainers: Retainers): Dominators {
  const { nodeCount } = graph;
  const { number, order, parent, lastReached } = walk(graph, retaining, retainers);
  const { first, from } = retainers;
  const semi = new Uint32Array(nodeCount + 1);
  const label = new Uint32Array(nodeCount + 1);
  const ancestor = parent;
  const idom = parent.slice();
  const path = new Uint32Array(nodeCount + 1);
  for (let v = 1; v <= nodeCount; v++) label[v] = v;

  for (let w = lastReached; w >= 2; w--) {
    const node = order[w - 1]!;
    let best = idom[w]!;
    const end = first[node + 1]!;
    for (let at = first[node]!; at < end; at++) {
      let v = number[from[at]!]!;
      if (v > lastReached) continue;
      if (ancestor[v]! > w) v = compress(v, w, ancestor, label, path);
      const candidate = label[v]!;
      if (candidate < best) best = candidate;
    }
    semi[w] = label[w] = best;
  }

  idom.fill(1, lastReached + 1);
  const left = climb(idom, semi, lastReached);
  if (left <= lastReached) climbByJumps(idom, semi, { from: left, to: lastReached }, [label, path]);
  const of = number;
  for (let w = nodeCount; w >= 1; w--) of[order[w - 1]!] = 0;
  of[graph.root] = graph.root;
  for (let w = 2; w <= nodeCount; w++) of[order[w - 1]!] = order[idom[w]! - 1]!;
  return { of, order };
}

/** Steps up the tree, as a multiple of the nodes. A heap of records takes less than one for each node. */
const MOST_STEPS = 8;

/**
 * Finds the dominator of each node: the lowest one above its parent in the tree that is not below its semidominator.
 *
 * @returns the first node that is left because there were too many steps: in a list of a million links whose values
 *   something else retains as well, each takes half a million
 */
function climb(idom: Uint32Array, semi: Uint32Array, last: number): number {
  let w = 2;
  for (let stepsLeft = MOST_STEPS * last; w <= last && stepsLeft > 0; w++) {
    let up = idom[w]!;
    for (const least = semi[w]!; up > least; stepsLeft--) up = idom[up]!;
    idom[w] = up;
  }
  return w;
}

/**
 * The same in a logarithmic number of steps for each node, by jump pointers (E. W. Myers, "An applicative random-access
 * stack", Information Processing Letters 17, 1983): each node has one to a node far above it.
 *
 * @param range the nodes whose dominator is not known yet
 * @param reused two arrays of a number for each node, which are overwritten
 */
function climbByJumps(
  idom: Uint32Array,
  semi: Uint32Array,
  range: { from: number; to: number },
  [jump, depth]: [Uint32Array, Uint32Array],
): void {
  jump[1] = 1;
  depth[1] = 0;
  for (let w = 2; w <= range.to; w++) {
    let up = idom[w]!;
    if (w >= range.from) {
      const least = semi[w]!;
      while (up > least) up = jump[up]! > least ? jump[up]! : idom[up]!;
      idom[w] = up;
    }
    const far = jump[up]!;
    const apart = depth[up]! + depth[jump[far]!]! - 2 * depth[far]!;
    jump[w] = apart === 0 ? jump[far]! : up;
    depth[w] = depth[up]! + 1;
  }
}

/** Compresses the path from v up to below w, and gives v the smallest label on it. */
function compress(
  v: number,
  w: number,
  ancestor: Uint32Array,
  label: Uint32Array,
  path: Uint32Array,
): number {
  let depth = 0;
  let up = v;
  do {
    path[depth++] = up;
    up = ancestor[up]!;
  } while (ancestor[up]! > w);
  const top = ancestor[up]!;
  let least = label[up]!;
  while (depth > 0) {
    const x = path[--depth]!;
    ancestor[x] = top;
    if (least < label[x]!) label[x] = least;
    else least = label[x]!;
  }
  return v;
}

function walk(graph: HeapGraph, retaining: Bits, retainers: Retainers): Walk {
  const { nodeCount, root, firstEdge, edgeTo } = graph;
  const number = new Uint32Array(nodeCount);
  const order = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount + 1);
  const next = new Uint32Array(nodeCount + 1);
  let count = 0;

  const walkFrom = (start: number, above: number): void => {
    let v = enter(start, above);
    while (v !== above) {
      const node = order[v - 1]!;
      const end = firstEdge[node + 1]!;
      let down = 0;
      let edge = next[v]!;
      for (; edge < end; edge++) {
        const to = edgeTo[edge]!;
        if (number[to] !== 0 || !retaining.has(edge)) continue;
        down = enter(to, v);
        edge++;
        break;
      }
      next[v] = edge;
      v = down === 0 ? parent[v]! : down;
    }
  };
  const enter = (node: number, above: number): number => {
    order[count++] = node;
    number[node] = count;
    parent[count] = above;
    next[count] = firstEdge[node]!;
    return count;
  };

  walkFrom(root, 0);
  for (let node = 0; node < nodeCount; node++) {
    const isRetained = retainers.first[node] !== retainers.first[node + 1];
    if (number[node] === 0 && !isRetained) walkFrom(node, 1);
  }
  const lastReached = count;
  for (let node = 0; node < nodeCount; node++) {
    if (number[node] === 0) enter(node, 1);
  }
  return { number, order, parent, lastReached };
}
