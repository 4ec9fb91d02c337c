import { retainedSizesOf } from '../graph/sizes.js';
import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import { Baseline } from './baseline.js';
import { containerAt } from './containers.js';

/**
 * The part of each node's retained size that is new since the baseline: new objects, and the growth of the tables of
 * older ones. It counts objects that replaced others as new, although memory did not grow by them: see `gainOf`.
 *
 * @returns bytes by node
 */
export function newRetainedSizes(before: Baseline, after: Heap): WideArray {
  const { graph, shallowSizes, dominators } = after;
  const added = shallowSizes.map((bytes, node) => {
    const id = graph.idOf(node);
    return before.ids.has(id) ? Math.max(0, bytes - (before.shallow.get(id) ?? bytes)) : bytes;
  });
  return retainedSizesOf(added, dominators);
}

/**
 * By how many bytes the retained size of a node has grown since the baseline. A node may be new itself, such as a list
 * that is copied at every change. Then it is the gain of its nearest dominator that existed before, and at most the
 * node's retained size.
 */
export function gainOf(before: Baseline, after: Heap, node: number): number {
  const { graph } = after;
  let at = node;
  while (at !== graph.root && !before.ids.has(graph.idOf(at))) at = after.dominatorOf(at);
  const bytesBefore = at === graph.root ? before.totalBytes : (before.retained.get(graph.idOf(at)) ?? 0);
  return Math.min(after.retainedBytesOf(node), after.retainedBytesOf(at) - bytesBefore);
}

/** What came into a node's retained size since the baseline, and what went out of it, in bytes. */
export interface Turnover {
  cameBytes: number;
  wentBytes: number;
  /** Whether the node itself is new, and what went was around it. */
  isReplacement: boolean;
}

/** Of what a container retains: native memory gets new ids in each snapshot, and would be taken for new. */
const MOST_NATIVE = 0.1;

/** The part of each node's retained size that is native, in bytes by node. */
export function nativeRetainedSizes({ graph, shallowSizes, dominators }: Heap): WideArray {
  const native = graph.nodeType('native');
  return retainedSizesOf(
    shallowSizes.map((bytes, node) => (graph.types[node] === native ? bytes : 0)),
    dominators,
  );
}

/** An object with fewer properties is one thing, and no collection of things. */
const FEWEST_PROPERTIES = 8;

/**
 * What came and what went in a container, or for one that replaced another since the baseline, in the container around
 * it: the list of a window's buckets gets a new Map for each, and drops the old one. Null where there is none, or where
 * much of it is native.
 *
 * @param sizes `newRetainedSizes` since the same baseline, and `nativeRetainedSizes`
 */
export function turnoverOf(
  before: Baseline,
  after: Heap,
  node: number,
  sizes: Record<'added' | 'native', WideArray>,
): Turnover | null {
  const existed = (one: number): boolean => before.ids.has(after.graph.idOf(one));
  let at = node;
  while (at !== after.graph.root && !(existed(at) && (at === node || isCollection(after, at))))
    at = after.dominatorOf(at);
  const hadBytes = before.retained.get(after.graph.idOf(at));
  if (at === after.graph.root || hadBytes === undefined) return null;
  if ((sizes.native[at] ?? 0) > MOST_NATIVE * after.retainedBytesOf(at)) return null;
  const cameBytes = sizes.added[at] ?? 0;
  const wentBytes = Math.max(0, hadBytes + cameBytes - after.retainedBytesOf(at));
  return { cameBytes, wentBytes, isReplacement: at !== node };
}

function isCollection(heap: Heap, node: number): boolean {
  const container = containerAt(heap, node);
  return container !== null && (container.kind !== 'Object' || container.entries >= FEWEST_PROPERTIES);
}
