import { Heap } from '../heap.js';
import { NodeFacts, factsOf } from './node-facts.js';

export interface Siblings {
  className: string;
  count: number;
  retainedBytes: number;
}

export interface AccumulationPoint extends NodeFacts {
  /** `object`: one object holds it all. `siblings`: many equals hang where no one object holds them. */
  kind: 'object' | 'siblings';
  /** What has gathered there, in bytes, and as a share of the heap. */
  gatheredBytes: number;
  share: number;
  /** The classes of what has gathered, the heaviest first. */
  madeOf: Siblings[];
}

/** MAT's own default: what is less than a tenth of the heap is no suspect. */
const MIN_SHARE = 0.1;
const GROUPS_SHOWN = 5;
/** Trees of equal nodes are a few dozen deep; lists that leak are longer. */
const MIN_CHAIN = 100;
/** What every process has many of, and V8 looks after. */
const ENGINE = new Set(['(compiled code)', '(system)', '(object shape)', '(synthetic)']);

/**
 * Where memory has gathered: the objects at which a large retained size falls apart into many small
 * ones (the accumulation points of Eclipse MAT's leak suspects). Going down the dominator tree
 * along everything that retains at least `minShare` of the heap, a node is such a point when at least
 * that much hangs below it in pieces that are each smaller.
 *
 * A linked list gathers too, although no object in it has many below: a chain of one class is a point of
 * its own, at the object that holds its head.
 *
 * Roots and V8's own contexts hold everything and gather nothing; what hangs from them directly is
 * grouped by class instead, which is how records look that two owners share.
 */
export function accumulationPoints(
  heap: Heap,
  options: { minShare?: number; limit?: number } = {},
): AccumulationPoint[] {
  const { retainedSizes, dominated, dominators, graph } = heap;
  const total = Math.max(1, heap.totalBytes);
  const threshold = Math.max(1, (options.minShare ?? MIN_SHARE) * total);
  const points: AccumulationPoint[] = [];
  const pending = [graph.root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const chain = chainFrom(heap, node);
    if (chain >= MIN_CHAIN) {
      const gatheredBytes = retainedSizes[node]!;
      const className = heap.classes.name(heap.classes.of(node));
      const madeOf = [{ className, count: chain, retainedBytes: gatheredBytes }];
      const facts = factsOf(heap, holderOf(heap, dominators.of[node]!));
      points.push({ ...facts, kind: 'object', gatheredBytes, share: gatheredBytes / total, madeOf });
      continue;
    }
    let small = 0;
    let hasLarge = false;
    for (const child of dominated.children(node)) {
      const bytes = retainedSizes[child]!;
      if (bytes < threshold) small += bytes;
      else {
        hasLarge = true;
        pending.push(child);
      }
    }
    const gatheredBytes = hasLarge ? small : retainedSizes[node]!;
    if (gatheredBytes < threshold) continue;
    const groups = siblings(heap, node, threshold);
    if (isBeginning(heap, node)) {
      for (const group of groups) {
        if (group.retainedBytes < threshold || ENGINE.has(group.className)) continue;
        const share = group.retainedBytes / total;
        const facts = factsOf(heap, node);
        points.push({
          ...facts,
          kind: 'siblings',
          gatheredBytes: group.retainedBytes,
          share,
          madeOf: [group],
        });
      }
    } else {
      const holder = holderOf(heap, node);
      const madeOf = groups.slice(0, GROUPS_SHOWN);
      points.push({
        ...factsOf(heap, holder),
        kind: 'object',
        gatheredBytes,
        share: gatheredBytes / total,
        madeOf,
      });
    }
  }
  return points.toSorted((a, b) => b.gatheredBytes - a.gatheredBytes).slice(0, options.limit ?? 10);
}

/** How many objects of one class follow each other from a node down, each dominating the next. */
function chainFrom(heap: Heap, node: number): number {
  const { classes, dominated, graph, retainedSizes } = heap;
  if (graph.typeOf(node) !== 'object') return 0;
  const index = classes.of(node);
  let length = 0;
  for (let at = node; at >= 0; length++) {
    let next = -1;
    for (const child of dominated.children(at)) {
      if (classes.of(child) !== index) continue;
      if (next < 0 || retainedSizes[child]! > retainedSizes[next]!) next = child;
    }
    at = next;
  }
  return length;
}

function siblings(heap: Heap, node: number, below: number): Siblings[] {
  const groups = new Map<number, Siblings>();
  for (const child of heap.dominated.children(node)) {
    const bytes = heap.retainedSizes[child]!;
    if (bytes >= below) continue;
    const index = heap.classes.of(child);
    let group = groups.get(index);
    if (group === undefined) {
      group = { className: heap.classes.name(index), count: 0, retainedBytes: 0 };
      groups.set(index, group);
    }
    group.count++;
    group.retainedBytes += bytes;
  }
  return [...groups.values()].toSorted((a, b) => b.retainedBytes - a.retainedBytes);
}

/** Synthetic roots, V8's context and the global object. */
function isBeginning(heap: Heap, node: number): boolean {
  const { graph } = heap;
  if (graph.typeOf(node) === 'synthetic' || node === graph.root || heap.landmarks.globals.has(node))
    return true;
  return graph.nameOf(node).startsWith('system / NativeContext');
}

/** A table or store gathers on behalf of the object above it. */
function holderOf(heap: Heap, node: number): number {
  const { graph, dominators } = heap;
  let at = node;
  while (at !== graph.root && (graph.typeOf(at) === 'array' || graph.typeOf(at) === 'hidden'))
    at = dominators.of[at]!;
  return at;
}
