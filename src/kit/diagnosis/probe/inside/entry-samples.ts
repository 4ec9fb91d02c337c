import { type Reflection, isObject, valueAt } from './reflect.js';
import type { EntryValues, Sizes } from './sizes.js';
import type { WalkedContainer, WalkedGraph } from './walk-result.js';

const SAMPLED = 8;
/** Of an array, which may have free slots: how many slots are read at its end, and as many all over it. */
const SLOTS_READ = 64;

/** Samples the entries of a container. */
export class EntrySamples {
  readonly #reflection: Reflection;
  readonly #sizes: Sizes;

  constructor(reflection: Reflection, sizes: Sizes) {
    this.#reflection = reflection;
    this.#sizes = sizes;
  }

  /** A few entries: the oldest of a Map and a Set, the newest of an array or an object, the first links of a list. */
  sample(container: WalkedContainer): EntryValues[] {
    const entries: EntryValues[] = [];
    for (const entry of this.#entriesOf(container)) {
      entries.push(entry);
      if (entries.length >= SAMPLED) break;
    }
    return entries;
  }

  /** Bytes per entry, without what anything outside of the container retains as well. */
  bytesPerEntry(container: WalkedContainer, graph: WalkedGraph): number {
    const { kind } = container;
    if (kind === 'Buffer' || kind === 'String') return 1;
    const entries = this.sample(container);
    const parallel = parallelArrays(container, entries, graph);
    for (const entry of entries) {
      const slot = entry[1];
      for (const array of parallel) entry.push(valueAt(array, Number(slot)));
    }
    const owners = entryOwners(container, parallel.length > 0, graph);
    return this.#sizes.entryBytes(kind, entries, (object) => {
      const node = graph.nodes.get(object);
      // Visited on a path around the container: classes, functions of files and other shared objects.
      return node !== undefined && !isBelow(node, owners, graph.parents);
    });
  }

  *#entriesOf(container: WalkedContainer): Generator<EntryValues> {
    switch (container.kind) {
      case 'Map':
        yield* Map.prototype.entries.call(container.object);
        break;
      case 'Set':
        for (const value of Set.prototype.values.call(container.object)) yield [value];
        break;
      case 'Object':
        for (const key of Reflect.ownKeys(container.object).slice(-SAMPLED))
          yield [key, valueAt(container.object, key)];
        break;
      case 'Array':
        yield* newestIn(container.object);
        break;
      case 'List':
        yield* this.#linksOf(container.object, container.link);
        break;
      case 'Buffer':
      case 'String':
        break;
    }
  }

  /** The values of each link, without the other links. */
  *#linksOf(head: object, link: string): Generator<EntryValues> {
    const className = this.#reflection.classOf(head);
    const isLink = (value: unknown): value is object =>
      isObject(value) && this.#reflection.classOf(value) === className;
    for (let at: unknown = head; isLink(at); at = valueAt(at, link)) {
      const one = at;
      yield Reflect.ownKeys(one)
        .map((key) => valueAt(one, key))
        .filter((value) => !isLink(value));
    }
  }
}

function* newestIn(array: unknown[]): Generator<EntryValues> {
  const { length } = array;
  for (let back = 1; back <= Math.min(length, 2 * SLOTS_READ); back += 1) {
    const isAtEnd = back <= SLOTS_READ;
    const at = isAtEnd ? length - back : Math.floor(((2 * SLOTS_READ - back) * length) / SLOTS_READ);
    const value = valueAt(array, at);
    if (value !== undefined && value !== null) yield [value];
  }
}

/**
 * Arrays that are parallel to a Map of slot numbers: lru-cache and others have keys in a Map, values in arrays beside
 * it, and the slot as the value in the Map.
 */
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
 * Nodes that entries of a container are found below: the container, or, where it has parallel arrays, its owner; and
 * containers on the same path, which may contain the same entries.
 */
function entryOwners(
  { node, pathId }: WalkedContainer,
  hasParallel: boolean,
  { containers, parents }: WalkedGraph,
): Set<number> {
  const alike = containers.filter((other) => other.pathId === pathId).map((other) => other.node);
  return new Set([hasParallel ? parents[node]! : node, ...alike]);
}

function isBelow(node: number, owners: Set<number>, parents: number[]): boolean {
  for (let at = node; at >= 0; at = parents[at]!) if (owners.has(at)) return true;
  return false;
}
