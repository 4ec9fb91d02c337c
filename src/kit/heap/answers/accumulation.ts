import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import { chainFrom } from './chains.js';
import { NodeFacts, factsOf } from './node-facts.js';
import type { Siblings } from './siblings.js';

export interface AccumulationPoint extends NodeFacts {
  /**
   * `object`: one object holds it all. `chain`: one object holds the head of a list, and each link the next.
   * `siblings`: many equals hang where no one object holds them.
   */
  kind: 'object' | 'chain' | 'siblings';
  /** What has gathered there, in bytes, and as a share of the heap. */
  gatheredBytes: number;
  share: number;
  /** The classes of what has gathered, the heaviest first. */
  madeOf: Siblings[];
  /** Some nodes of the heaviest class, spread over all of them; of a chain its first links. */
  members: number[];
}

/** MAT's own default: what is less than a tenth of the heap is no suspect. */
const MIN_SHARE = 0.1;
const GROUPS_SHOWN = 5;
const MEMBERS_SHOWN = 12;
/** What every process has many of, and V8 looks after. */
const ENGINE = new Set(['(compiled code)', '(system)', '(object shape)', '(synthetic)']);

/**
 * Where memory has gathered: the objects at which a large retained size falls apart into many small
 * ones (the accumulation points of Eclipse MAT's leak suspects). Going down the dominator tree
 * along everything that retains at least `minShare` of the heap, a node is such a point when at least
 * that much hangs below it in pieces that are each smaller.
 *
 * A linked list gathers too, although no object in it has many below: a chain is a point of its own, at the
 * object that holds its head.
 *
 * Roots and V8's own contexts hold everything and gather nothing; what hangs from them directly is
 * grouped by class instead, which is how records look that two owners share.
 *
 * @param options.sizes what to go by in place of retained sizes, such as what of them is new; of the same shape
 */
export function accumulationPoints(
  heap: Heap,
  options: { minShare?: number; limit?: number; sizes?: WideArray } = {},
): AccumulationPoint[] {
  const { dominated, dominators, graph } = heap;
  const sizes = options.sizes ?? heap.retainedSizes;
  const total = Math.max(1, sizes[graph.root]!);
  const threshold = Math.max(1, (options.minShare ?? MIN_SHARE) * total);
  const points: AccumulationPoint[] = [];
  const add = (kind: AccumulationPoint['kind'], node: number, bytes: number, madeOf: Group[]): void => {
    points.push({
      ...factsOf(heap, node),
      kind,
      gatheredBytes: bytes,
      share: bytes / total,
      madeOf: madeOf.map(({ className, count, retainedBytes }) => ({ className, count, retainedBytes })),
      members: madeOf[0]?.members ?? [],
    });
  };
  const pending = [graph.root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const chain = isBeginning(heap, node) ? null : chainFrom(heap, node, sizes);
    if (chain !== null) {
      const madeOf = chain.madeOf.map((group) => Object.assign(group, { members: chain.head }));
      add('chain', holderOf(heap, dominators.of[node]!), sizes[node]!, madeOf);
      continue;
    }
    let small = 0;
    let hasLarge = false;
    for (const child of dominated.children(node)) {
      const bytes = sizes[child]!;
      if (bytes < threshold) small += bytes;
      else {
        hasLarge = true;
        pending.push(child);
      }
    }
    const gatheredBytes = hasLarge ? small : sizes[node]!;
    if (gatheredBytes < threshold) continue;
    const groups = siblings(heap, node, threshold, sizes);
    if (isBeginning(heap, node)) {
      for (const group of groups) {
        if (group.retainedBytes < threshold || ENGINE.has(group.className)) continue;
        add('siblings', node, group.retainedBytes, [group]);
      }
    } else add('object', holderOf(heap, node), gatheredBytes, groups.slice(0, GROUPS_SHOWN));
  }
  return points.toSorted((a, b) => b.gatheredBytes - a.gatheredBytes).slice(0, options.limit ?? 10);
}

interface Group extends Siblings {
  members: number[];
}

function siblings(heap: Heap, node: number, below: number, sizes: WideArray): Group[] {
  const groups = new Map<number, Group>();
  for (const child of heap.dominated.children(node)) {
    const bytes = sizes[child]!;
    if (bytes >= below || bytes === 0) continue;
    const index = heap.classes.of(child);
    let group = groups.get(index);
    if (group === undefined) {
      group = { className: heap.classes.name(index), count: 0, retainedBytes: 0, members: [] };
      groups.set(index, group);
    }
    // Every so many, and more seldom the more there are: spread over all of them, and never many.
    if (group.count % 2 ** Math.floor(Math.log2(1 + group.count / 8)) === 0) group.members.push(child);
    group.count++;
    group.retainedBytes += bytes;
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.retainedBytes - a.retainedBytes);
  for (const group of sorted) group.members = spread(group.members, MEMBERS_SHOWN);
  return sorted;
}

function spread<T>(items: T[], count: number): T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
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
