import { describe, expect, it } from 'vitest';
import {
  accumulationPoints,
  baselineOf,
  containerGrowth,
  dominatorTree,
  growth,
  histogram,
  orderedEntries,
  printAccumulation,
  printContainers,
  printDominatorTree,
  printGrowth,
  printHistogram,
  printNeighbours,
  printPath,
  containers,
  ownerPath,
  references,
  retainers,
} from '../src/kit/heap/index.js';
import { Top } from '../src/kit/heap/answers/top.js';
import { HeapBuilder } from './support/heap-builder.js';

/** A cache of some users under the global object; every user has a name of its own. */
function cacheOf(users: number) {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  const cache = heap.object('UserCache', 20);
  const entries = Array.from({ length: users }, (_, at) => {
    const user = heap.object('User', 50);
    heap.property(user, 'name', heap.node('string', `name ${at}`, 30));
    return [heap.node('string', `user-${at}`, 24), user] as const;
  });
  const map = heap.map(entries);
  heap.property(root, 'cache', cache).property(cache, 'users', map);
  return { heap, root, cache, map };
}

describe('the histogram of a heap', () => {
  it('gives count and sizes by class, and counts an instance inside another one of its class once', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [outer, inner] = [heap.object('Node', 10), heap.object('Node', 5)];
    const data = heap.object('Data', 100);
    heap.property(root, 'outer', outer).property(outer, 'inner', inner).property(inner, 'data', data);
    expect(histogram(await heap.read(), { by: 'retainedBytes' })).toEqual([
      { className: 'Node', count: 2, shallowBytes: 15, retainedBytes: 115 },
      { className: 'Data', count: 1, shallowBytes: 100, retainedBytes: 100 },
    ]);
  });

  it('is printed with the number of classes that are left out', async () => {
    const text = printHistogram(histogram(await cacheOf(1200).heap.read()), 2);
    expect(text.split('\n')).toEqual([
      'count  shallow  retained  class',
      '2,400  64.8 kB   64.8 kB  (string)',
      '1,200  60.0 kB   96.0 kB  User',
      '… 2 more classes',
    ]);
  });
});

describe('growth between two snapshots', () => {
  it('counts added and removed objects by their ids', async () => {
    const before = baselineOf(await cacheOf(10).heap.read());
    const { heap } = cacheOf(10);
    // One user was replaced by another, whose id is new, and three were added.
    heap.nodes.find(({ name }) => name === 'User')!.id = 100_001;
    for (let n = 0; n < 3; n++) heap.property(1, `extra${n}`, heap.object('User', 50));
    const rows = growth(before, await heap.read());
    expect(rows).toEqual([
      {
        className: 'User',
        added: 4,
        removed: 1,
        delta: 3,
        addedBytes: 200,
        removedBytes: 50,
        deltaBytes: 150,
      },
    ]);
    expect(printGrowth(rows)).toBe('delta   bytes  new  gone  class\n   +3  +150 B    4     1  User');
  });

  it('lists the containers that gained entries', async () => {
    const small = cacheOf(10);
    const large = cacheOf(30);
    // The Map is the same in both snapshots: V8 never changes the id of an object.
    for (const { heap, map } of [small, large]) heap.nodes[map]!.id = 999_999;
    const before = baselineOf(await small.heap.read());
    const [first, ...others] = containerGrowth(before, await large.heap.read());
    expect(first).toMatchObject({
      kind: 'Map',
      entries: 30,
      entriesBefore: 10,
      gained: 20,
      existedBefore: true,
    });
    expect(others).toEqual([]);
  });
});

describe('the dominator tree', () => {
  it('lists the largest children first, and sums up those it leaves out', async () => {
    const { heap, map } = cacheOf(100);
    const analysed = await heap.read();
    const tree = dominatorTree(analysed, { depth: 10, breadth: 2, minShare: 0 });
    const [global] = tree.children;
    const users = global!.children[0]!.children[0]!;
    expect(users).toMatchObject({ node: map, className: 'Map' });
    expect(users.children[0]!.more).toEqual({ count: 198, retainedBytes: 100 * 104 - 2 * 80 });
    expect(printDominatorTree(tree)).toContain('… 198 more, 10.2 kB');
  });
});

describe('an accumulation point', () => {
  it('is the Map whose entries are small, and not the object that retains the Map', async () => {
    const { heap, map } = cacheOf(500);
    const [point, ...others] = accumulationPoints(await heap.read());
    expect(others).toEqual([]);
    expect(point).toMatchObject({ kind: 'object', node: map, className: 'Map' });
    expect(point!.composition[0]).toEqual({ className: 'User', count: 500, retainedBytes: 500 * 80 });
    expect(point!.share).toBeGreaterThan(0.7);
    expect(printAccumulation([point!])).toMatch(/, retained by Map @\d+\n {2}500 × User, 40\.0 kB/);
  });

  it('is a linked list as a whole, at the object that retains its first link', async () => {
    const heap = new HeapBuilder();
    const queue = heap.object('Queue', 10);
    heap.property(heap.userRoot(), 'queue', queue);
    for (let n = 0, last = queue; n < 300; n++) {
      const next = heap.object('Link', 10);
      heap.property(last, 'next', next).property(next, 'previous', last);
      last = next;
    }
    const points = accumulationPoints(await heap.read());
    expect(points).toMatchObject([
      { kind: 'chain', node: queue, composition: [{ className: 'Link', count: 300, retainedBytes: 3000 }] },
    ]);
  });

  it('is a class of objects that no single object retains', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [a, b] = [heap.object('A', 1), heap.object('B', 1)];
    heap.property(root, 'a', a).property(root, 'b', b);
    for (let n = 0; n < 200; n++) {
      const shared = heap.object('Record', 40);
      heap.edge(a, 'element', n, shared).edge(b, 'element', n, shared);
    }
    expect(accumulationPoints(await heap.read())).toMatchObject([
      { kind: 'siblings', accumulatedBytes: 8000, composition: [{ className: 'Record', count: 200 }] },
    ]);
  });

  it('does not exist in a heap of small objects', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    for (let n = 0; n < 30; n++) heap.property(root, `p${n}`, heap.object(`Class${n}`, 10));
    const points = accumulationPoints(await heap.read());
    expect(points).toEqual([]);
    expect(printAccumulation(points)).toBe('No accumulation point was found.');
  });
});

describe('the neighbours of a node', () => {
  it('are its references by retained size, and its retainers by the cost of their edges', async () => {
    const { heap, root, cache, map } = cacheOf(3);
    heap.edge(root, 'weak', 'seen', map).property(root, 'alias', map);
    const analysed = await heap.read();
    const from = retainers(analysed, map);
    expect(from.list.map(({ via, node, retains }) => [via, node, retains])).toEqual([
      ['.alias', root, true],
      ['.users', cache, true],
      [' ‹seen›', root, false],
    ]);
    expect(printNeighbours(from, 'retainers')).toContain('‹seen› (does not retain)  global');
    const to = references(analysed, heap.nodes[map]!.edges[0]!.to, { limit: 1 });
    expect(to.list[0]).toMatchObject({ via: '["user-0"]', className: 'User' });
    expect(to.more).toBe(5);
  });

  it('are, for a Map, its entries in order of insertion', async () => {
    const { heap, map } = cacheOf(3);
    const { graph } = await heap.read();
    const texts = orderedEntries(graph, map).map(
      ({ key, value }) => `${graph.nameOf(key)} ${graph.nameOf(value)}`,
    );
    expect(texts).toEqual(['user-0 User', 'user-1 User', 'user-2 User']);
  });
});

describe('the printed text', () => {
  it('has the path to a node, and says so if there is none', async () => {
    const { heap, map } = cacheOf(3);
    const analysed = await heap.read();
    expect(printPath(ownerPath(analysed, map)).split('\n')[0]).toBe('globalThis.cache.users');
    expect(printPath(null)).toBe('No retaining path.');
  });

  it('lists containers by kind without the empty ones', async () => {
    const text = printContainers(containers(await cacheOf(40).heap.read()));
    expect(text).toMatch(/^Map\nentries {2}retained {2}class {2}id\n {5}40 .*Map {4}@\d+$/);
  });
});

describe('the selection of the largest items', () => {
  it('is sorted, with equal items in the order in which they were added', () => {
    const weights = Array.from({ length: 5000 }, (_, at) => (at * 7919) % 1009);
    for (const order of [weights, weights.toSorted((a, b) => a - b), weights.toSorted((a, b) => b - a)]) {
      const items = order.map((weight, at) => ({ weight, at }));
      for (const limit of [0, 1, 10, 4999, 5000, 6000]) {
        const top = new Top<(typeof items)[number]>(limit, ({ weight }) => weight);
        for (const item of items) top.add(item);
        expect(top.sorted()).toEqual(items.toSorted((a, b) => b.weight - a.weight).slice(0, limit));
      }
    }
  });
});
