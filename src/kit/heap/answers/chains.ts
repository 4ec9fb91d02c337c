import { Heap } from '../heap.js';
import { WideArray } from '../read/columns.js';
import type { Siblings } from './siblings.js';

export interface Chain {
  /** The first nodes of it, from the head down. */
  head: number[];
  /** The classes that come back again and again along it, with how often. */
  madeOf: Siblings[];
}

/** Trees of equal nodes are a few dozen deep; lists that leak are longer. */
const MIN_LENGTH = 100;
/** A link may be several objects: a function, its scope, and the object that the scope names. */
const MAX_PERIOD = 8;

/**
 * The chain that begins at a node, if one does: along the heaviest child in the dominator tree the classes repeat
 * themselves, from that node on. Linked lists look so, closures that keep the one before them, and V8's own lists of
 * reactions to a promise and of targets of a finalizer.
 */
export function chainFrom(heap: Heap, node: number, sizes: WideArray): Chain | null {
  const { classes } = heap;
  const nodes: number[] = [];
  const seen: number[] = [];
  /** For how many nodes the classes repeat with each period. */
  const lengths = Array.from({ length: MAX_PERIOD }, () => 0);
  let alive = lengths.map((_, at) => at + 1);
  for (let at = node; at >= 0 && alive.length > 0; at = heaviestChild(heap, at, sizes)) {
    const index = classes.of(at);
    alive = alive.filter((period) => seen.length < period || seen[seen.length - period] === index);
    for (const period of alive) lengths[period - 1]!++;
    seen.push(index);
    if (nodes.length < MAX_PERIOD) nodes.push(at);
  }
  const period = 1 + lengths.findIndex((length, at) => length >= MIN_LENGTH * (at + 1));
  if (period === 0) return null;
  const count = Math.floor(lengths[period - 1]! / period);
  const names = new Set(seen.slice(0, period).map((index) => classes.name(index)));
  const madeOf = [...names].map((className) => ({ className, count, retainedBytes: sizes[node]! }));
  return { head: nodes.slice(0, Math.max(2, period)), madeOf };
}

function heaviestChild(heap: Heap, node: number, sizes: WideArray): number {
  let heaviest = -1;
  for (const child of heap.dominated.children(node)) {
    if (heaviest < 0 || sizes[child]! > sizes[heaviest]!) heaviest = child;
  }
  return heaviest;
}
