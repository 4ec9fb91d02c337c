import type { Objects } from './reflect.js';
import type { Sizes } from './sizes.js';
import type { Container, Walked } from './types.js';

/** What a container has in it, by a few of its entries. */
export interface Entries {
  /** The latest, each as its values: of a Map, key and value. */
  sample(container: Container): unknown[][];
  bytesPerEntry(container: Container, walked: Walked): number;
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeEntries({ valueAt, classOf }: Objects, sizes: Sizes): Entries {
  const SAMPLED = 8;
  /** Of an array with room to spare, how many slots are tried at its end, and as many all over it. */
  const TRIED = 64;

  function* entriesOf({ kind, object, link }: Container): Generator<unknown[]> {
    switch (kind) {
      case 'Map':
        yield* Map.prototype.entries.call(object as never);
        break;
      case 'Set':
        for (const value of Set.prototype.values.call(object as never)) yield [value];
        break;
      case 'Object':
        for (const key of Reflect.ownKeys(object).slice(-SAMPLED)) yield [key, valueAt(object, key)];
        break;
      case 'Array':
        yield* latestOf(object as unknown[]);
        break;
      case 'List':
        yield* linksOf(object, link!);
        break;
      case 'Buffer':
      case 'String':
      default:
    }
  }

  function* latestOf(array: unknown[]): Generator<unknown[]> {
    const { length } = array;
    for (let back = 1; back <= Math.min(length, 2 * TRIED); back += 1) {
      const at = back <= TRIED ? length - back : Math.floor(((2 * TRIED - back) * length) / TRIED);
      const value = valueAt(array, at);
      if (value !== undefined && value !== null) yield [value];
    }
  }

  /** Each link without the rest of the list. */
  function* linksOf(head: object, link: string): Generator<unknown[]> {
    const className = classOf(head);
    const isLink = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && classOf(value) === className;
    for (let at: unknown = head; isLink(at); at = valueAt(at as object, link)) {
      const one = at as object;
      yield Reflect.ownKeys(one)
        .map((key) => valueAt(one, key))
        .filter((value) => !isLink(value));
    }
  }

  function sample(container: Container): unknown[][] {
    const some: unknown[][] = [];
    for (const entry of entriesOf(container)) {
      some.push(entry);
      if (some.length >= SAMPLED) break;
    }
    return some;
  }

  function isUnder(node: number, ancestors: Set<number>, parents: number[]): boolean {
    for (let at = node; at >= 0; at = parents[at]!) if (ancestors.has(at)) return true;
    return false;
  }

  /** Where entries of a container are found: at itself, or at one that stands at the same place and has them too. */
  function holdersOf(
    { node, place }: Container,
    beside: object[],
    { containers, parents }: Walked,
  ): Set<number> {
    const alike = containers.filter((other) => other.place === place).map((other) => other.node);
    return new Set([beside.length > 0 ? parents[node]! : node, ...alike]);
  }

  /**
   * Arrays beside a Map of numbers, at which these numbers point: lru-cache and others keep keys in the one and
   * values in the others.
   */
  function parallelTo(
    { kind, node }: Container,
    entries: unknown[][],
    { containers, parents }: Walked,
  ): object[] {
    if (kind !== 'Map' || entries.some((entry) => !Number.isInteger(entry[1]))) return [];
    const parent = parents[node]!;
    return containers
      .filter((other) => other.kind === 'Array' && parents[other.node] === parent && other.entries > 0)
      .map(({ object }) => object);
  }

  return {
    sample,
    bytesPerEntry(container, walked) {
      const { kind } = container;
      const { nodes, parents } = walked;
      if (kind === 'Buffer' || kind === 'String') return 1;
      const entries = sample(container);
      const beside = parallelTo(container, entries, walked);
      for (const entry of entries) {
        const at = entry[1] as number;
        for (const array of beside) entry.push(valueAt(array, at));
      }
      const holders = holdersOf(container, beside, walked);
      return sizes.entryBytes(kind, entries, (object) => {
        const known = nodes.get(object);
        // Reached by another way: somebody else keeps it too. Classes, modules and functions with a name are code.
        return known !== undefined ? !isUnder(known, holders, parents) : false;
      });
    },
  };
}
