import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Container, Heap, containers, ownerPath, readHeap, stringPins } from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';
import { Snapshots, snapshots } from './support/heap-snapshots.js';

let taken: Snapshots;
let heap: Heap;
beforeAll(async () => {
  taken = await snapshots();
  heap = await readHeap(await taken.take('heap-specimen.mjs'));
});
afterAll(() => taken[Symbol.asyncDispose]());

let found: Map<string, Container> | undefined;

/** All containers of the specimen program, by the end of the path to them. */
function byPath(): Map<string, Container> {
  if (found !== undefined) return found;
  found = new Map();
  for (const { largest } of containers(heap, { limit: 60 })) {
    for (const container of largest) {
      const path = ownerPath(heap, container.node);
      if (path?.file?.includes('heap-specimen'))
        found.set(path.text.replace(/^.*heap-specimen\.mjs › /, ''), container);
    }
  }
  return found;
}

describe('the entries of a container', () => {
  it('are counted exactly in every layout of V8 if keys or values are objects or strings', () => {
    const found = byPath();
    const entries = (path: string) => {
      const container = found.get(path);
      return [container?.kind, container?.entries, container?.precision];
    };
    expect(entries('specimens.strings')).toEqual(['Map', 1002, 'exact']);
    expect(entries('specimens.deleted')).toEqual(['Map', 699, 'exact']);
    expect(entries('specimens.numbersToObjects')).toEqual(['Map', 700, 'exact']);
    expect(entries('specimens.objectKeys')).toEqual(['Map', 100, 'exact']);
    expect(entries('specimens.sameValue')).toEqual(['Map', 500, 'exact']);
    expect(entries('specimens.#secret')).toEqual(['Map', 1500, 'exact']);
    expect(entries('specimens.subclassed')).toEqual(['Map', 1200, 'exact']);
    expect(entries('specimens.set')).toEqual(['Set', 777, 'exact']);
    expect(entries('specimens.weakMap')).toEqual(['WeakMap', 210, 'exact']);
    expect(entries('specimens.weakSet')).toEqual(['WeakSet', 210, 'exact']);
    expect(entries('specimens.array')).toEqual(['Array', 5000, 'exact']);
    expect(entries('specimens.dictionary')).toEqual(['Object', 3000, 'exact']);
    expect(entries('specimens.numberDictionary')).toEqual(['Object', 2500, 'exact']);
    expect(found.get('specimens.subclassed')?.className).toBe('UserMap');
  });

  it('are given as "at most" if the snapshot shows none of them', () => {
    const numbers = byPath().get('specimens.numbersOnly');
    expect(numbers).toMatchObject({ kind: 'Map', entries: 1024, capacity: 1024, precision: 'at most' });
  });

  it('are given as "at least" for a WeakMap whose table has no edges for slots', async () => {
    const drawn = new HeapBuilder();
    const weakMap = drawn.object('WeakMap', 32);
    const table = drawn.node('array', '', 16 + 8 * (3 + 2 * 4));
    drawn.property(drawn.userRoot(), 'weak', weakMap).edge(weakMap, 'internal', 'table', table);
    for (const at of [1, 2, 3]) {
      const key = drawn.object('Key');
      drawn.property(drawn.userRoot(), `key${at}`, key).ephemeron(table, key, drawn.object('Value'), at);
    }
    const found = containers(await drawn.read()).find(({ kind }) => kind === 'WeakMap')!;
    expect(found.largest).toMatchObject([{ entries: 3, precision: 'at least', capacity: 4 }]);
  });

  it('are bytes for an ArrayBuffer', () => {
    const buffers = containers(heap, { limit: 5 }).find(({ kind }) => kind === 'ArrayBuffer')!;
    const [largest] = buffers.largest;
    expect(largest).toMatchObject({ entries: 200_000 });
    expect(ownerPath(heap, largest!.node)?.text).toMatch(/specimens\.buffer/);
  });

  it('are listed for the largest containers, with the number of all containers of the kind', () => {
    for (const { count, largest } of containers(heap, { limit: 3 }))
      expect(count).toBeGreaterThanOrEqual(largest.length);
  });

  it('are not counted if the size of the table fits no layout', async () => {
    const drawn = new HeapBuilder();
    const map = drawn.map([[drawn.object('Key'), drawn.object('Value')]]);
    drawn.property(drawn.userRoot(), 'map', map);
    drawn.nodes.find(({ type }) => type === 'array')!.size += 8;
    const groups = containers(await drawn.read());
    expect(groups.every(({ count }) => count === 0)).toBe(true);
  });
});

describe('the owner path in a program without Nest', () => {
  it('starts at the file, and goes through variables, closures, statics, listeners and keys', () => {
    const paths = [...byPath().keys()];
    for (const path of [
      'moduleMap',
      'Registry.pool',
      'bus._events.tick',
      'cache.get() › store',
      'nested.by.region["eu"]',
      'specimens.#secret',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it('has the class of the owner and its file', () => {
    const container = byPath().get('specimens.strings')!;
    expect(ownerPath(heap, container.node)).toMatchObject({
      owner: 'Specimens',
      origin: 'module',
      file: expect.stringMatching(/heap-specimen\.mjs$/) as string,
    });
  });
});

describe('a string that only its slices retain', () => {
  it('is found with its retained size', () => {
    const { slicedCount, slicedBytes, largest } = stringPins(heap);
    expect(slicedCount).toBeGreaterThanOrEqual(50);
    expect(slicedBytes).toBeGreaterThan(50 * 20_000);
    expect(largest[0]).toMatchObject({ kind: 'sliced', pieces: 1 });
    expect(largest[0]!.pinnedBytes).toBeGreaterThanOrEqual(20_000);
  });
});
