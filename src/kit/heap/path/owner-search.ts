import { Heap } from '../heap.js';
import { BucketQueue } from './bucket-queue.js';
import { EDGE_COSTS } from './costs.js';
import { nodeCost } from './edge-costs.js';
import {
  isLater,
  knownRoutes,
  noRoute,
  type KnownRoutes,
  type OwnerStep,
  remember,
  type RestOfRoute,
} from './known-routes.js';
import { type Origin, originAt } from './origins.js';

export interface OwnerRoute {
  origin: Origin;
  /** From the origin down to the target. */
  steps: OwnerStep[];
  cost: number;
  /** Number of nodes that the search visited. */
  visited: number;
}

const NO_PROMPTS: ReadonlySet<number> = new Set();

/**
 * The cheapest route from a named root to a node, by Dijkstra's algorithm over the retainers, from the node upwards. In
 * that direction it visits the nodes above the target, and not the million records beside it. Null if nothing retains
 * the node.
 *
 * @param prompts nodes of a console: see `findPromptNodes`
 */
export function searchOwner(
  heap: Heap,
  target: number,
  prompts: ReadonlySet<number> = NO_PROMPTS,
): OwnerRoute | null {
  // The route to the scope of a file may not start at that scope, but a known route through it does.
  const isPlain = prompts.size > 0 || originAt(heap, target)?.origin.kind === 'module';
  const known = isPlain ? null : knownRoutes(heap);
  const before = known?.rests.get(target);
  if (before?.isExact === true) return routeOf(before, 1);
  const search = new OwnerSearch(heap, target, known, prompts);
  const rest = search.run();
  return rest === null ? null : routeOf(rest, search.visited);
}

function routeOf(rest: RestOfRoute, visited: number): OwnerRoute | null {
  if (rest.origin === null) return null;
  const steps: OwnerStep[] = [];
  for (let at: RestOfRoute | null = rest; at !== null; at = at.above)
    if (at.step !== null) steps.push(at.step);
  return { origin: rest.origin, steps: steps.toReversed(), cost: rest.cost, visited };
}

/** A search from one node upwards. */
class OwnerSearch {
  visited = 0;
  readonly #costs = new Map<number, number>();
  /** The edge down from a node that was reached, or the step of Nest's records. */
  readonly #down = new Map<number, number | OwnerStep>();
  readonly #done = new Set<number>();
  readonly #queue = new BucketQueue();
  readonly #later: { node: number; cost: number }[] = [];
  #best: { node: number; cost: number; rest: RestOfRoute } | null = null;
  /** Only a cheaper route is of use. */
  #bound = Infinity;

  constructor(
    private readonly heap: Heap,
    private readonly target: number,
    private readonly known: KnownRoutes | null,
    private readonly prompts: ReadonlySet<number>,
    private readonly isAbove = false,
  ) {}

  /** @param bound what the route may cost at most */
  run(bound = Infinity): RestOfRoute | null {
    this.#bound = bound;
    this.#costs.set(this.target, 0);
    this.#queue.push(this.target, 0);
    for (let node = this.#queue.pop(); node !== null; node = this.#queue.pop()) {
      const { cost } = this.#queue;
      if (cost >= this.#bound) break;
      if (this.#done.has(node)) continue;
      this.#done.add(node);
      if (this.#endsAt(node, cost)) continue;
      if (this.known !== null && node !== this.target && isLater(this.heap, this.known, node))
        this.#later.push({ node, cost });
      else this.#expand(node, cost);
    }
    this.visited += this.#done.size;
    for (const { node, cost } of this.#later) if (cost < this.#bound) this.#finishAbove(node, cost);
    return this.#best === null ? null : this.#remembered(this.#best);
  }

  /** Considers a route that ends here. @returns whether no other one leads on from here */
  #endsAt(node: number, cost: number): boolean {
    const start = originAt(this.heap, node);
    if (start !== null && (this.isAbove || node !== this.target || start.origin.kind !== 'module')) {
      this.#consider(node, cost, { ...start, step: null, above: null, isExact: true });
      if (start.origin.kind === 'root' || start.origin.kind === 'global') return true;
    }
    const rest = node === this.target ? undefined : this.known?.rests.get(node);
    if (rest === undefined) return false;
    if (rest.isExact) this.#consider(node, cost, rest);
    return rest.isExact || cost + rest.cost >= this.#bound;
  }

  #consider(node: number, cost: number, rest: RestOfRoute): void {
    if (rest.origin === null || cost + rest.cost >= this.#bound) return;
    this.#bound = cost + rest.cost;
    this.#best = { node, cost: this.#bound, rest };
  }

  #expand(node: number, cost: number): void {
    const { graph, retainers, edgesBetween, namedRoots } = this.heap;
    const { nest } = namedRoots;
    const records = cost + EDGE_COSTS.nest;
    for (const { module, label } of nest.providedBy.get(node) ?? [])
      this.#reach(module, records, { from: module, to: node, edge: -1, label });
    for (const module of nest.importedBy.get(node) ?? [])
      this.#reach(module, records, {
        from: module,
        to: node,
        edge: -1,
        label: nest.moduleNames.get(node) ?? null,
      });
    const end = retainers.first[node + 1]!;
    for (let at = retainers.first[node]!; at < end; at++) {
      const from = retainers.from[at]!;
      const through =
        cost +
        nodeCost(graph, from) +
        (nest.moduleNames.has(from) ? EDGE_COSTS.nestRecords : 0) +
        (this.prompts.has(from) ? EDGE_COSTS.prompt : 0);
      if (through >= this.#bound || this.#done.has(from)) continue;
      if (through >= (this.#costs.get(from) ?? Infinity)) continue;
      const edge = edgesBetween.cheapest(from, node);
      if (edge >= 0) this.#reach(from, through + edgesBetween.cost, edge);
    }
  }

  #reach(from: number, cost: number, down: number | OwnerStep): void {
    if (cost >= this.#bound || cost >= (this.#costs.get(from) ?? Infinity)) return;
    this.#costs.set(from, cost);
    this.#down.set(from, down);
    this.#queue.push(from, cost);
  }

  /** The route that leads through a node with many retainers: what is above it is searched once for all objects. */
  #finishAbove(node: number, cost: number): void {
    const { known, heap } = this;
    if (known === null) return;
    known.above.add(node);
    const search = new OwnerSearch(heap, node, known, this.prompts, true);
    const rest = search.run(this.#bound - cost);
    known.above.delete(node);
    this.visited += search.visited;
    if (rest === null) remember(known, node, noRoute(this.#bound - cost));
    else this.#consider(node, cost, rest);
  }

  /** The rest of the route at each of its nodes is the cheapest from there, and known from now on. */
  #remembered({ node, cost, rest: top }: { node: number; cost: number; rest: RestOfRoute }): RestOfRoute {
    let rest = top;
    for (let at = node; ;) {
      if (this.known !== null) remember(this.known, at, rest);
      const down = this.#down.get(at);
      if (down === undefined || at === this.target) return rest;
      const step =
        typeof down === 'number'
          ? { from: at, to: this.heap.graph.targetOf(down), edge: down, label: null }
          : down;
      at = step.to;
      rest = {
        origin: top.origin,
        cost: cost - (this.#costs.get(at) ?? 0),
        step,
        above: rest,
        isExact: true,
      };
    }
  }
}
