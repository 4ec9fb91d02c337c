import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import type { Siblings } from './siblings.js';

export interface Chain {
  /** Its first nodes, from the first link down. */
  head: number[];
  /** The classes that repeat along it, with the number of repetitions. */
  composition: Siblings[];
}

/** A tree of equal nodes is a few dozen levels deep. A list that leaks is longer. */
const MIN_LENGTH = 100;
/** One link may consist of several objects: a function, its scope, the object in a variable of the scope, its array. */
const MAX_PERIOD = 32;
/** So many nodes tell where the first link is: what leads to it may look like a link by its classes alone. */
const HEAD_NODES = 3 * MAX_PERIOD;

/**
 * The chain that starts at a node, or null. In a chain the classes repeat along the path from each node to its largest
 * child in the dominator tree. That is so in linked lists, in closures that retain the closure before them, and in V8's
 * own lists of the reactions to a promise and of the targets of a FinalizationRegistry.
 *
 * @param sizes bytes by node, for choosing the largest child
 */
export function chainFrom(heap: Heap, node: number, sizes: WideArray): Chain | null {
  const { classes } = heap;
  const { nodes, seen, lengths } = runFrom(heap, node, sizes);
  const period = 1 + lengths.findIndex((length, at) => length >= MIN_LENGTH * (at + 1));
  if (period === 0) return null;
  const first = firstLink(heap, nodes, period);
  // Links that were there before an earlier snapshot are links as well.
  const isPart = sizes !== heap.retainedSizes;
  const whole = isPart ? (runFrom(heap, node, heap.retainedSizes).lengths[period - 1] ?? 0) : 0;
  const length = Math.max(lengths[period - 1]!, whole) - first;
  const count = Math.floor(length / periodOfShapes(heap, nodes.slice(first), period));
  const names = new Set(seen.slice(0, period).map((index) => classes.name(index)));
  const composition = [...names].map((className) => ({ className, count, retainedBytes: sizes[node]! }));
  return { head: nodes.slice(first, first + Math.max(2, period)), composition };
}

/** The path from a node to its largest child, again and again, as long as the classes repeat with some period. */
interface Run {
  /** The first nodes of it. */
  nodes: number[];
  /** The classes along it. */
  seen: number[];
  /** By period, minus one: the number of nodes over which the classes repeat with that period. */
  lengths: number[];
}

function runFrom(heap: Heap, node: number, sizes: WideArray): Run {
  const nodes: number[] = [];
  const seen: number[] = [];
  const lengths = Array.from({ length: MAX_PERIOD }, () => 0);
  let periods = lengths.map((_, at) => at + 1);
  for (let at = node; at >= 0 && periods.length > 0; at = largestChild(heap, at, sizes)) {
    const index = heap.classes.of(at);
    periods = periods.filter((period) => seen.length < period || seen[seen.length - period] === index);
    for (const period of periods) lengths[period - 1]!++;
    seen.push(index);
    if (nodes.length < HEAD_NODES) nodes.push(at);
  }
  return { nodes, seen, lengths };
}

/** The period of objects that are all of one class, such as `Object`, by their shapes: `{ at, prev }`, `{ reason, of }`. */
function periodOfShapes({ graph }: Heap, nodes: readonly number[], period: number): number {
  if (period > 1) return period;
  const shapes = nodes.map((node) => graph.follow(node, 'internal', 'map'));
  for (let longer = 1; 3 * longer <= shapes.length; longer++)
    if (shapes.every((shape, at) => at < longer || shape === shapes[at - longer])) return longer;
  return period;
}

/**
 * Where the first link begins. A listener and the scope of its file are a function and a scope as well, but of other code
 * than the functions that retain each other below them.
 */
function firstLink(heap: Heap, nodes: readonly number[], period: number): number {
  const keys = nodes.map((node) => codeOf(heap, node));
  const repeats = (at: number): boolean => keys[at] === keys[at + period];
  const from = nodes.findIndex((_, at) =>
    Array.from({ length: period }, (__, step) => at + step).every(repeats),
  );
  return from >= 0 && from + 2 * period <= nodes.length ? from : 0;
}

/** What makes a function or a scope another one than those of the same class: its code. */
function codeOf({ graph }: Heap, node: number): number {
  const edge = graph.typeOf(node) === 'closure' ? 'shared' : 'scope_info';
  return graph.follow(node, 'internal', edge);
}

function largestChild(heap: Heap, node: number, sizes: WideArray): number {
  let largest = -1;
  for (const child of heap.dominated.children(node)) {
    if (largest < 0 || sizes[child]! > sizes[largest]!) largest = child;
  }
  return largest;
}
