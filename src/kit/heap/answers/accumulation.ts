import { Heap } from '../heap.js';
import { isRoot } from '../path/roots.js';
import { isScope } from '../path/scopes.js';
import { WideArray } from '../read/columns.js';
import { chainFrom } from './chains.js';
import { NodeFacts, factsOf } from './node-facts.js';
import type { Siblings } from './siblings.js';

export interface AccumulationPoint extends NodeFacts {
  /**
   * `object`: one object dominates all of it. `chain`: one object retains the first link of a list, and each link
   * retains the next. `siblings`: many objects of one class that no single object of the program dominates.
   */
  kind: 'object' | 'chain' | 'siblings';
  /** Retained size of what has accumulated. */
  accumulatedBytes: number;
  /** The same as a share of the total of `sizes`, 0 to 1. */
  share: number;
  /** The classes of what has accumulated, the most of `sizes` first; counted with those that have none of it. */
  composition: Siblings[];
  /** Retained size of all of the first class, whatever their `sizes`. */
  firstClassBytes: number;
  /** A sample of the nodes of the first class, evenly spaced; of a chain its first links. */
  members: number[];
}

/** Eclipse MAT's default: a suspect has at least a tenth of the heap. */
const MIN_SHARE = 0.1;
/** What a variable of a file needs to be looked at for itself, as a share of what others need. */
const VARIABLE = 0.4;
const GROUPS_SHOWN = 5;
const MEMBERS_SHOWN = 12;
/** Classes that every process has many of, and that V8 manages. */
const ENGINE_CLASSES = new Set(['(compiled code)', '(system)', '(object shape)', '(synthetic)']);

/**
 * Finds accumulation points, the objects below which memory has accumulated (the term and the idea are of Eclipse MAT's
 * leak suspects). The search goes down the dominator tree through all nodes that retain at least `minShare` of the heap.
 * A node is an accumulation point if it retains at least that much in children that each retain less. A variable of a file
 * needs less.
 *
 * In a linked list every node has one large child, so that a list would never be a point. A chain is therefore a point
 * of its own, at the object that retains its first link.
 *
 * Roots and V8's contexts dominate everything and are no points themselves. Their small children are grouped by class
 * instead: records that two owners share appear there.
 *
 * @param options.minShare 0 to 1, a tenth by default
 * @param options.limit the most points to return, 10 by default
 * @param options.sizes bytes by node, used instead of retained sizes, such as the part of each that is new
 * @returns the points, the most accumulated bytes first
 */
export function accumulationPoints(
  heap: Heap,
  options: { minShare?: number; limit?: number; sizes?: WideArray } = {},
): AccumulationPoint[] {
  const { dominated, graph } = heap;
  const sizes = options.sizes ?? heap.retainedSizes;
  const sizeOf = (node: number): number => sizes[node]!;
  const total = Math.max(1, sizeOf(graph.root));
  const threshold = Math.max(1, (options.minShare ?? MIN_SHARE) * total);
  const points: AccumulationPoint[] = [];
  const add = (kind: AccumulationPoint['kind'], node: number, bytes: number, composition: Group[]): void => {
    points.push({
      ...factsOf(heap, node),
      kind,
      accumulatedBytes: bytes,
      share: bytes / total,
      composition: composition.map(({ className, count, retainedBytes }) => ({
        className,
        count,
        retainedBytes,
      })),
      firstClassBytes: composition[0]?.allBytes ?? 0,
      members: composition[0]?.members ?? [],
    });
  };
  const pending = [{ node: graph.root, least: threshold }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, least } = next;
    const chain = isRoot(heap, node) ? null : chainFrom(heap, node, sizes);
    if (chain !== null) {
      const [head = node] = chain.head;
      const more = { members: chain.head, allBytes: heap.retainedBytesOf(head), sampled: 0 };
      const composition = chain.composition.map((group) => Object.assign(group, more));
      add('chain', storeOwner(heap, heap.dominatorOf(node)), sizeOf(node), composition);
      continue;
    }
    // The variables of a file have nothing in common, so that smaller ones are points of their own.
    const below = isScope(heap, node) ? VARIABLE * least : least;
    let small = 0;
    let hasLarge = false;
    for (const child of dominated.children(node)) {
      const bytes = sizeOf(child);
      if (bytes < below) small += bytes;
      else {
        hasLarge = true;
        pending.push({ node: child, least: bytes < least ? below : least });
      }
    }
    const accumulatedBytes = hasLarge ? small : sizeOf(node);
    if (accumulatedBytes < least) continue;
    const groups = siblings(heap, node, below, sizes);
    if (isRoot(heap, node)) {
      for (const group of groups) {
        if (group.retainedBytes < threshold || ENGINE_CLASSES.has(group.className)) continue;
        add('siblings', node, group.retainedBytes, [group]);
      }
    } else add('object', storeOwner(heap, node), accumulatedBytes, groups.slice(0, GROUPS_SHOWN));
  }
  return points.toSorted((a, b) => b.accumulatedBytes - a.accumulatedBytes).slice(0, options.limit ?? 10);
}

interface Group extends Siblings {
  members: number[];
  allBytes: number;
  /** Of how many the members are a sample. */
  sampled: number;
}

function siblings(heap: Heap, node: number, below: number, sizes: WideArray): Group[] {
  const groups = new Map<number, Group>();
  // Below a root, objects of one class have nothing in common but that: those without `sizes` are others.
  const countsAll = !isRoot(heap, node);
  for (const child of heap.dominated.children(node)) {
    const bytes = sizes[child]!;
    if (bytes >= below || (bytes === 0 && !countsAll)) continue;
    const index = heap.classes.of(child);
    let group = groups.get(index);
    if (group === undefined) {
      const className = heap.classes.name(index);
      group = { className, count: 0, retainedBytes: 0, allBytes: 0, members: [], sampled: 0 };
      groups.set(index, group);
    }
    group.count++;
    group.retainedBytes += bytes;
    group.allBytes += heap.retainedBytesOf(child);
    if (bytes === 0) continue;
    // A sample whose interval doubles as the group grows: it covers the whole group, and stays small.
    if (group.sampled % 2 ** Math.floor(Math.log2(1 + group.sampled / 8)) === 0) group.members.push(child);
    group.sampled++;
  }
  const sorted = [...groups.values()]
    .filter(({ retainedBytes }) => retainedBytes > 0)
    .toSorted((a, b) => b.retainedBytes - a.retainedBytes);
  for (const group of sorted) group.members = spread(group.members, MEMBERS_SHOWN);
  return sorted;
}

/** So many of the items, evenly spaced. */
function spread<T>(items: T[], count: number): T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}

/** The object that a table or store belongs to, which is the nearest dominator that is none; any other node itself. */
function storeOwner(heap: Heap, node: number): number {
  const { graph } = heap;
  let at = node;
  while (at !== graph.root && (graph.typeOf(at) === 'array' || graph.typeOf(at) === 'hidden'))
    at = heap.dominatorOf(at);
  return at;
}
