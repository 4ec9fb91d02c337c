import type { types as utilTypes } from 'node:util';
import type { Chain } from './linked-list.js';
import type { Objects } from './reflect.js';
import type { Places } from './path-ids.js';
import type { Steps } from './edges.js';
import type { CodePosition, Container, Edge, Root, Sink, Walked } from './types.js';

export interface Walker {
  /** Goes on for about so long. @returns whether it is done. */
  step(forMs: number): boolean;
  walked: Walked;
  counts: { objects: number; functions: number; skipped: number };
}

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Visits what the program can reach, nearest first, and notes the size of every container. How near something is
 * says what it costs to tell the way there: whatever holds it, it is found by the way that a person would tell.
 *
 * @param dear what it costs to pass through an object of a class
 */
export function makeWalker(
  { classOf, isVisited, boxed }: Objects,
  types: typeof utilTypes,
  places: Places,
  roots: Root[],
  newSteps: (sink: Sink) => Steps,
  newChain: (head: object, key: string, counted: number) => Chain,
  arrows: Map<string, CodePosition>,
  dear: Readonly<Record<string, number>>,
): Walker {
  const MOST_OBJECTS = 300_000;
  /** Visits to one place: beyond, they are more of the same. */
  const MOST_AT_PLACE = 2_000;
  /** So many links at one place are a list. */
  const CHAIN_BEGINS = 200;
  const MOST_ARROWS = 100;
  /** What is further away is all as far. */
  const FURTHEST = 5_000;

  const nodes = new Map<object, number>();
  const walked: Walked = { containers: [], nodes, objects: [], parents: [], edges: [] };
  const counts = { objects: 0, functions: 0, skipped: 0 };
  const nodePlaces: number[] = [];
  const nodeWeights: number[] = [];
  const nodeCosts: number[] = [];
  const visitsAt = new Map<number, number>();

  interface Candidate {
    object: object;
    parent: number;
    edge: Edge;
    weight: number;
  }
  /** Candidates by what it costs to get there. */
  const queue = Array.from({ length: FURTHEST + 1 }, (): Candidate[] | null => null);
  let level = 0;
  let chain: { links: Chain; node: number } | null = null;

  function offer(value: unknown, parent: number, edge: Edge, price: number, weight: number): void {
    if (!isVisited(value)) return;
    // Texts that are entries are weighed with the others of their container.
    if (typeof value === 'string' && edge.kind === 'entry') return;
    const object = typeof value === 'string' ? boxed(value) : value;
    if (nodes.has(object)) return;
    const total = Math.min(FURTHEST, (nodeCosts[parent] ?? 0) + price);
    (queue[total] ??= []).push({ object, parent, edge, weight });
    if (total < level) level = total;
  }

  function next(): Candidate | null {
    for (; level <= FURTHEST; level += 1) {
      const bucket = queue[level] ?? [];
      // Last in, first out within a level: cheap, and as good as any order.
      for (let candidate = bucket.pop(); candidate; candidate = bucket.pop()) {
        if (!nodes.has(candidate.object)) return candidate;
      }
      queue[level] = null;
    }
    return null;
  }

  function note(kind: Container['kind'], entries: number, node: number): void {
    const container = { kind, entries, weight: nodeWeights[node]!, place: nodePlaces[node]!, node };
    walked.containers.push({ ...container, object: walked.objects[node]! });
  }

  function arrow({ script, line, column }: CodePosition): void {
    if (arrows.size < MOST_ARROWS) arrows.set(`${script} ${line} ${column}`, { script, line, column });
  }

  const stepFrom = newSteps({ offer, note, arrow });

  function enter({ object, parent, edge, weight }: Candidate): void {
    const className = classOf(object);
    const above = edge.kind === 'variable' ? -1 : (nodePlaces[parent] ?? -1);
    const place = places.under(above, edge, className);
    const visits = (visitsAt.get(place) ?? 0) + 1;
    visitsAt.set(place, visits);
    const node = walked.objects.push(object) - 1;
    nodes.set(object, node);
    walked.parents.push(parent);
    walked.edges.push(edge);
    nodePlaces.push(place);
    nodeWeights.push(weight);
    nodeCosts.push(level + (Object.hasOwn(dear, className) ? dear[className]! : 0));
    counts.objects += 1;
    if (types.isProxy(object)) return;
    // A list's links all stand at one place: they are counted along the link instead of one by one.
    if (visits > CHAIN_BEGINS && edge.kind === 'property' && nodePlaces[parent] === place && chain === null) {
      chain = { links: newChain(object, edge.name, visits), node };
      visitsAt.set(place, Number.POSITIVE_INFINITY);
    } else if (visits > MOST_AT_PLACE) counts.skipped += 1;
    else {
      if (typeof object === 'function') counts.functions += 1;
      stepFrom(object, node, weight, place);
    }
  }

  /** It belongs to who holds its first link. */
  function noteChain({ links, node }: NonNullable<typeof chain>): void {
    let first = node;
    while (nodePlaces[walked.parents[first]!] === nodePlaces[first]) first = walked.parents[first]!;
    note('List', links.length(), first);
    const list = walked.containers.at(-1)!;
    list.link = walked.edges[first]!.name;
    // Of links that are entries of a container as well (as of an LRU), each is in the same list.
    list.weight = 1;
  }

  for (const { object, edge, price } of roots) offer(object, -1, edge, price, 1);

  return {
    walked,
    counts,
    step(forMs) {
      const end = performance.now() + forMs;
      for (let steps = 0; ; steps += 1) {
        if (steps % 8 === 0 && performance.now() >= end) return false;
        if (chain) {
          if (!chain.links.count()) continue;
          noteChain(chain);
          chain = null;
          continue;
        }
        const candidate = counts.objects < MOST_OBJECTS ? next() : null;
        if (!candidate) return true;
        enter(candidate);
      }
    },
  };
}
