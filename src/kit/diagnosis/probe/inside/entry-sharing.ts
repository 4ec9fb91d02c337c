import type { EntryValues, IsShared } from './entry-weight.js';
import { valueAt } from './reflect.js';
import type { EntrySample } from './entry-weight.js';
import type { WalkedContainer, WalkedGraph } from './walk-result.js';

/** A list is counted from its second link on, and may have links at its ends that stand for no entry. */
const LIST_ENDS = 3;
const STEPS_TO_LIST = 4;

/** A way from an entry to objects that the walk has visited: how many of them something else retains as well. */
interface Way {
  shared: number;
  own: number;
}

/**
 * Tells what of an entry something else retains as well. The walk visits only some entries of a large container; what
 * it found of these, by the labels on the way there, is taken for what the other entries have.
 */
export class EntrySharing {
  readonly #graph: WalkedGraph;
  readonly #owners: Set<number>;
  readonly #ways = new Map<string, Way>();
  readonly isShared: IsShared = (object, labels) => this.#isShared(object, labels);

  constructor(container: WalkedContainer, hasParallel: boolean, graph: WalkedGraph) {
    this.#graph = graph;
    this.#owners = entryOwners(container, hasParallel, graph);
  }

  #isShared(object: object, labels: string): boolean {
    const node = this.#graph.nodes.get(object);
    let way = this.#ways.get(labels);
    if (node === undefined) return way !== undefined && way.shared > way.own;
    // Visited on a path around the container: classes, functions of files and other shared objects.
    const isShared = !isBelow(node, this.#owners, this.#graph.parents);
    if (!way) this.#ways.set(labels, (way = { shared: 0, own: 0 }));
    way[isShared ? 'shared' : 'own'] += 1;
    return isShared;
  }
}

/**
 * Adds what arrays beside a Map of slot numbers have: lru-cache and others have keys in a Map, values in arrays beside
 * it, and the slot as the value in the Map.
 *
 * @returns whether there are such arrays
 */
export function addParallel(container: WalkedContainer, sample: EntrySample, graph: WalkedGraph): boolean {
  const entries = [...sample.newest, ...sample.spread, ...sample.aside];
  const arrays = parallelArrays(container, entries, graph);
  for (const entry of entries) {
    const slot = entry[1];
    for (const array of arrays) entry.push(valueAt(array, Number(slot)));
  }
  return arrays.length > 0;
}

function parallelArrays(
  { kind, node }: WalkedContainer,
  entries: EntryValues[],
  { containers, parents }: WalkedGraph,
): object[] {
  if (kind !== 'Map' || entries.some((entry) => !Number.isInteger(entry[1]))) return [];
  const parent = parents[node]!;
  return containers
    .filter((other) => other.kind === 'Array' && parents[other.node] === parent && other.entries > 0)
    .map(({ object }) => object);
}

/**
 * Nodes that entries of a container are found below: the container, or, where it has parallel arrays, its owner;
 * containers on the same path, which may contain the same entries; and a list of as many entries in the same owner, as
 * caches have one beside their Map.
 */
function entryOwners(
  { node, pathId, entries }: WalkedContainer,
  hasParallel: boolean,
  { containers, parents }: WalkedGraph,
): Set<number> {
  const alike = containers.filter((other) => other.pathId === pathId).map((other) => other.node);
  const owner = parents[node]!;
  const lists = containers
    .filter((other) => other.kind === 'List' && Math.abs(other.entries - entries) <= LIST_ENDS)
    .flatMap((other) => belowOwner(other.node, owner, parents) ?? []);
  return new Set([hasParallel ? owner : node, ...alike, ...lists]);
}

/** What of an owner leads to a node within a few steps: the head of a list leads to its other links. */
function belowOwner(node: number, owner: number, parents: number[]): number | null {
  for (let at = node, steps = 0; at >= 0 && steps < STEPS_TO_LIST; at = parents[at]!, steps += 1)
    if (parents[at] === owner) return at;
  return null;
}

function isBelow(node: number, owners: Set<number>, parents: number[]): boolean {
  for (let at = node; at >= 0; at = parents[at]!) if (owners.has(at)) return true;
  return false;
}
