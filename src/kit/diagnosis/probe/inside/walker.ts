import { classCost } from './costs.js';
import { CostQueue } from './cost-queue.js';
import { Edges, type EdgesContext } from './edges.js';
import { LinkedList } from './linked-list.js';
import type { PathIds } from './path-ids.js';
import { LongText, isVisited } from './reflect.js';
import { isTimerList } from './roots.js';
import type { CodePosition, ContainerValue, Edge, WalkRoot, WalkedGraph } from './walk-result.js';

const MOST_OBJECTS = 300_000;
/** Visits on one path: beyond, objects are alike. */
const MOST_ON_PATH = 2_000;
/** So many objects on one path, each leading to the next by the same property, are a linked list. */
const LIST_BEGINS = 200;
const MOST_ARROWS = 100;
/** The clock is read once in so many steps. */
const STEPS_PER_CLOCK = 8;

export interface WalkerContext extends EdgesContext {
  /** Shared by all walks, so that paths have the same ids in each. */
  pathIds: PathIds;
  /** Arrow functions that use the `this` around them, by position. */
  arrows: Map<string, CodePosition>;
}

interface Candidate {
  object: object;
  parent: number;
  edge: Edge;
  weight: number;
}

/**
 * Visits what the program can reach, at the lowest cost first, and records the size of every container. Costs say how
 * well a path explains where an object is (`src/kit/heap/path/costs.ts`), so that each container is found on the path
 * that a programmer would give.
 */
export class Walker {
  readonly graph: WalkedGraph;
  readonly counts = { objects: 0, functions: 0, skipped: 0 };
  readonly #context: WalkerContext;
  readonly #edges: Edges;
  readonly #queue = new CostQueue<Candidate>();
  readonly #pathIds: number[] = [];
  readonly #weights: number[] = [];
  readonly #costs: number[] = [];
  readonly #visitsOnPath = new Map<number, number>();
  /** The latest long text of each variable, by its length. */
  readonly #texts = new Map<string, string>();
  /** The node whose edges are offered; -1 for the roots. */
  #visited = -1;
  #list: { links: LinkedList; node: number } | null = null;
  #mostObjects: number;

  /** @param mostObjects at which the walk ends, with what it has */
  constructor(context: WalkerContext, roots: WalkRoot[], mostObjects = MOST_OBJECTS) {
    this.#mostObjects = mostObjects;
    this.#context = context;
    const timers = roots.filter(({ edge }) => isTimerList(edge)).map(({ object }) => object);
    this.graph = { containers: [], nodes: new Map(), objects: [], parents: [], edges: [], timers };
    const offer = (value: unknown, edge: Edge, cost: number, weight: number): void =>
      this.#offer(value, edge, cost, weight);
    this.#edges = new Edges(context, {
      offer,
      costSoFar: () => this.#costs[this.#visited] ?? 0,
      nearestVariable: () => this.#nearestVariable(),
      addContainer: (value, entries) => this.#addContainer(value, entries, this.#visited),
      addArrow: (position) => this.#addArrow(position),
    });
    for (const { object, edge, cost } of roots) offer(object, edge, cost, 1);
  }

  /** Works for about so long. @returns whether the walk is done */
  step(forMs: number): boolean {
    const end = performance.now() + forMs;
    let { inspected } = this.#edges;
    for (let steps = 0; ; steps += 1) {
      // To inspect a function takes as long as a hundred other steps.
      const isDue = steps % STEPS_PER_CLOCK === 0 || this.#edges.inspected !== inspected;
      if (isDue && performance.now() >= end) return false;
      inspected = this.#edges.inspected;
      if (this.#list) {
        if (!this.#list.links.count()) continue;
        this.#addList(this.#list.links.length, this.#list.node);
        this.#list = null;
        continue;
      }
      const candidate = this.counts.objects < this.#mostObjects ? this.#next() : null;
      if (candidate) this.#visit(candidate);
      else if (!this.#inspectPostponed()) return true;
    }
  }

  /** Ends the walk with what it has. @returns the number of objects that it visited */
  end(): number {
    return (this.#mostObjects = this.counts.objects);
  }

  /** Functions that would have taken too long to inspect, and whose closures may retain something. */
  get notInspected(): number {
    return this.#edges.notInspected;
  }

  #offer(value: unknown, edge: Edge, cost: number, weight: number): void {
    if (!isVisited(value)) return;
    // A text that is an entry is measured with the other entries of its container.
    if (typeof value === 'string' && (edge.kind === 'entry' || this.#isKnownText(value, edge))) return;
    const object = typeof value === 'string' ? new LongText(value) : value;
    if (this.graph.nodes.has(object)) return;
    const parent = this.#visited;
    this.#queue.add({ object, parent, edge, weight }, (this.#costs[parent] ?? 0) + cost);
  }

  /** Each function that sees a variable leads to its text, and a text has no identity: it must not count for each of them. */
  #isKnownText(text: string, { kind, script, scope, name }: Edge): boolean {
    if (kind !== 'variable') return false;
    const variable = `${script} ${scope} ${name} ${text.length}`;
    if (this.#texts.get(variable) === text) return true;
    this.#texts.set(variable, text);
    return false;
  }

  #next(): Candidate | null {
    let candidate = this.#queue.take();
    while (candidate && this.graph.nodes.has(candidate.object)) candidate = this.#queue.take();
    return candidate;
  }

  #visit({ object, parent, edge, weight }: Candidate): void {
    const { types, reflection, pathIds } = this.#context;
    const className = reflection.classOf(object);
    const above = edge.kind === 'variable' ? -1 : (this.#pathIds[parent] ?? -1);
    const pathId = pathIds.idOf(above, edge, className);
    const visits = (this.#visitsOnPath.get(pathId) ?? 0) + 1;
    this.#visitsOnPath.set(pathId, visits);
    const node = this.graph.objects.push(object) - 1;
    this.graph.nodes.set(object, node);
    this.graph.parents.push(parent);
    this.graph.edges.push(edge);
    this.#pathIds.push(pathId);
    this.#weights.push(weight);
    this.#costs.push(this.#queue.cost + classCost(className));
    this.counts.objects += 1;
    if (types.isProxy(object)) return;
    const isLink = edge.kind === 'property' && this.#pathIds[parent] === pathId;
    if (visits > LIST_BEGINS && isLink && this.#list === null) {
      this.#list = { links: new LinkedList(types, object, edge.name, visits), node };
      this.#visitsOnPath.set(pathId, Number.POSITIVE_INFINITY);
    } else if (visits > MOST_ON_PATH) this.counts.skipped += 1;
    else {
      if (typeof object === 'function') this.counts.functions += 1;
      this.#visited = node;
      this.#edges.offerFrom(object, weight, pathId);
    }
  }

  /** Functions that were too expensive to inspect at their turn. @returns whether there was one */
  #inspectPostponed(): boolean {
    const postponed = this.counts.objects < this.#mostObjects ? this.#edges.nextPostponed() : null;
    if (!postponed) return false;
    this.#visited = this.graph.nodes.get(postponed.fn) ?? -1;
    postponed.inspect();
    return true;
  }

  #nearestVariable(): { edge: Edge; value: object } | null {
    const { objects, parents, edges } = this.graph;
    for (let at = this.#visited; at >= 0; at = parents[at] ?? -1) {
      const [edge, value] = [edges[at], objects[at]];
      if (edge?.kind === 'variable' && value) return { edge, value };
    }
    return null;
  }

  #addContainer(value: ContainerValue, entries: number, node: number): void {
    this.graph.containers.push({
      ...value,
      entries,
      weight: this.#weights[node]!,
      pathId: this.#pathIds[node]!,
      node,
    });
  }

  /** Adds a list as the container that its first link is. @param node one of its links */
  #addList(length: number, node: number): void {
    const { objects, parents, edges } = this.graph;
    let first = node;
    while (this.#pathIds[parents[first]!] === this.#pathIds[first]) first = parents[first]!;
    this.graph.containers.push({
      kind: 'List',
      object: objects[first]!,
      link: edges[first]!.name,
      entries: length,
      // Where links are entries of a container as well (of an LRU), each of the sample is in this one list.
      weight: 1,
      pathId: this.#pathIds[first]!,
      node: first,
    });
  }

  #addArrow({ script, line, column }: CodePosition): void {
    const { arrows } = this.#context;
    if (arrows.size < MOST_ARROWS) arrows.set(`${script} ${line} ${column}`, { script, line, column });
  }
}
