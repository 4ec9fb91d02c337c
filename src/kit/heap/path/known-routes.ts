import type { Heap } from '../heap.js';
import type { Origin } from './origins.js';

/** One step from `from` down to `to`. `edge` is -1 for a step from Nest's records, which `label` names. */
export interface OwnerStep {
  from: number;
  to: number;
  edge: number;
  label: string | null;
}

/** The cheapest route from a node up to a named root, as links that routes share. */
export interface RestOfRoute {
  cost: number;
  /** Null where there is none. */
  origin: Origin | null;
  /** From the node above down to this one; null at the root. */
  step: OwnerStep | null;
  above: RestOfRoute | null;
  /** False if only this is known: that a route costs at least as much. */
  isExact: boolean;
}

/** What the searches in a heap have found. */
export interface KnownRoutes {
  rests: Map<number, RestOfRoute>;
  /** The nodes whose rest of the route is being searched. */
  above: Set<number>;
}

/** A node with more retainers is looked at after all others, and once for the whole heap. */
const MANY_RETAINERS = 1024;
/** Searches within searches, one for each such node that leads to another one. */
const DEEPEST = 8;
/** At some 200 bytes each. */
const MOST_KNOWN = 1 << 18;

const routes = new WeakMap<Heap, KnownRoutes>();

export function knownRoutes(heap: Heap): KnownRoutes {
  let known = routes.get(heap);
  if (known === undefined) routes.set(heap, (known = { rests: new Map(), above: new Set() }));
  return known;
}

export function remember(known: KnownRoutes, node: number, rest: RestOfRoute): void {
  if (known.rests.size >= MOST_KNOWN) known.rests.clear();
  known.rests.set(node, rest);
}

/** What is known of a node from which no route is cheaper than that. */
export function noRoute(cost: number): RestOfRoute {
  return { cost, origin: null, step: null, above: null, isExact: cost === Infinity };
}

/** Whether what is above a node is searched later, by itself. */
export function isLater(heap: Heap, known: KnownRoutes, node: number): boolean {
  const { first } = heap.retainers;
  if (first[node + 1]! - first[node]! <= MANY_RETAINERS) return false;
  return !known.above.has(node) && known.above.size < DEEPEST;
}
