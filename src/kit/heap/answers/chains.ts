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
/** One link may consist of several objects, such as a function, its scope, and the object in a variable of the scope. */
const MAX_PERIOD = 8;

/**
 * The chain that starts at a node, or null. In a chain the classes repeat along the path from each node to its largest
 * child in the dominator tree. That is so in linked lists, in closures that retain the closure before them, and in V8's
 * own lists of the reactions to a promise and of the targets of a FinalizationRegistry.
 *
 * @param sizes bytes by node, for choosing the largest child
 */
export function chainFrom(heap: Heap, node: number, sizes: WideArray): Chain | null {
  const { classes } = heap;
  const nodes: number[] = [];
  const seen: number[] = [];
  /** By period, minus one: the number of nodes over which the classes repeat with that period. */
  const lengths = Array.from({ length: MAX_PERIOD }, () => 0);
  let periods = lengths.map((_, at) => at + 1);
  for (let at = node; at >= 0 && periods.length > 0; at = largestChild(heap, at, sizes)) {
    const index = classes.of(at);
    periods = periods.filter((period) => seen.length < period || seen[seen.length - period] === index);
    for (const period of periods) lengths[period - 1]!++;
    seen.push(index);
    if (nodes.length < MAX_PERIOD) nodes.push(at);
  }
  const period = 1 + lengths.findIndex((length, at) => length >= MIN_LENGTH * (at + 1));
  if (period === 0) return null;
  const count = Math.floor(lengths[period - 1]! / period);
  const names = new Set(seen.slice(0, period).map((index) => classes.name(index)));
  const composition = [...names].map((className) => ({ className, count, retainedBytes: sizes[node]! }));
  return { head: nodes.slice(0, Math.max(2, period)), composition };
}

function largestChild(heap: Heap, node: number, sizes: WideArray): number {
  let largest = -1;
  for (const child of heap.dominated.children(node)) {
    if (largest < 0 || sizes[child]! > sizes[largest]!) largest = child;
  }
  return largest;
}
