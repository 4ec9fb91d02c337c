import { describe, expect, it } from 'vitest';
import { HeapBuilder } from './support/heap-builder.js';
import { naiveAnswers } from './support/heap-naive.js';
import { randomHeap } from './support/heap-random-graph.js';

describe('the retained size of a node', () => {
  it('includes all that a collection would free without it, and what two nodes share belongs to their dominator', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [left, right, shared, own] = ['Left', 'Right', 'Shared', 'Own'].map((name) => heap.object(name));
    heap.property(root, 'left', left!).property(root, 'right', right!);
    heap.property(left!, 'shared', shared!).property(right!, 'shared', shared!).property(left!, 'own', own!);
    const { retainedSizes, dominators } = await heap.read();
    expect([left, right, shared, own].map((node) => retainedSizes[node!])).toEqual([20, 10, 10, 10]);
    expect(dominators.of[shared!]).toBe(root);
    expect(retainedSizes[0]).toBe(40);
  });

  it('does not include the targets of weak edges', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [holder, weakly] = [heap.object('Holder'), heap.object('Weakly')];
    heap.property(root, 'holder', holder).edge(holder, 'weak', 'target', weakly);
    const { retainedSizes, dominators } = await heap.read();
    expect(retainedSizes[holder]).toBe(10);
    expect(dominators.of[weakly]).toBe(0);
  });

  it('does not include the targets of shortcuts, except for those of the root', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [holder, target] = [heap.object('Bound'), heap.object('Target')];
    heap.property(root, 'bound', holder).edge(holder, 'shortcut', 'bound_this', target);
    const { retainedSizes } = await heap.read();
    expect(retainedSizes[holder]).toBe(10);
    expect(retainedSizes[root]).toBe(10);
  });

  it("includes a WeakMap's value at its key and not at the table", async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [table, key, value] = [heap.object('Table'), heap.object('Key'), heap.object('Value', 1000)];
    heap.property(root, 'map', table).property(root, 'key', key).ephemeron(table, key, value);
    const { retainedSizes } = await heap.read();
    expect([table, key].map((node) => retainedSizes[node])).toEqual([10, 1010]);
  });

  it('includes the target of an internal edge whose name only resembles that of a WeakMap entry', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [table, value] = [heap.object('Table'), heap.object('Value', 1000)];
    heap.property(root, 'map', table).edge(table, 'internal', '5 / part of key (none', value);
    expect((await heap.read()).retainedSizes[table]).toBe(1010);
  });

  it('does not include objects of the program at nodes that the global objects do not reach', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [gcRoots, debug, cache, record] = [
      heap.node('synthetic', '(GC roots)', 0),
      heap.object('Debugger'),
      heap.object('Cache'),
      heap.object('Record'),
    ];
    heap.edge(0, 'element', 1, gcRoots).edge(gcRoots, 'element', 1, debug);
    heap.property(root, 'cache', cache).property(cache, 'record', record).property(debug, 'seen', record);
    const { retainedSizes, dominators } = await heap.read();
    expect(dominators.of[record]).toBe(cache);
    expect(retainedSizes[debug]).toBe(10);
  });

  it('ignores edges to the node itself, and is the shallow size in a cycle that nothing retains', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [self, a, b] = [heap.object('Self'), heap.object('RingA'), heap.object('RingB')];
    heap.property(root, 'self', self).property(self, 'me', self);
    heap.property(a, 'next', b).property(b, 'next', a);
    const { retainedSizes, dominators } = await heap.read();
    expect([self, a, b].map((node) => retainedSizes[node])).toEqual([10, 10, 10]);
    expect([a, b].map((node) => dominators.of[node])).toEqual([0, 0]);
    expect(retainedSizes[0]).toBe(30);
  });

  it('includes the table of a Map in the Map, and a table that two objects share in neither', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [map, array, shared, other] = [
      heap.object('Map', 32),
      heap.node('array', '', 500),
      heap.node('array', '', 700),
      heap.object('Other', 1),
    ];
    heap.property(root, 'map', map).property(root, 'other', other).edge(map, 'internal', 'table', array);
    heap.edge(map, 'internal', 'shared', shared).edge(other, 'internal', 'shared', shared);
    const { shallowSizes } = await heap.read();
    expect([map, array, shared, other].map((node) => shallowSizes[node])).toEqual([532, 0, 700, 1]);
  });

  it('is computed for chains that are too long for recursion', async () => {
    const heap = new HeapBuilder();
    let last = heap.userRoot();
    for (let n = 0; n < 50_000; n++) {
      const next = heap.object('Link', 1);
      heap.property(last, 'next', next);
      last = next;
    }
    const { retainedSizes } = await heap.read();
    expect(retainedSizes[1]).toBe(50_000);
    expect(retainedSizes[2]).toBe(50_000);
  });

  it('equals the definition for random heaps', async () => {
    const runs = Number(process.env['HEAP_RANDOM_GRAPHS'] ?? 3000);
    for (let seed = 1; seed <= runs; seed++) {
      const drawn = randomHeap(seed);
      const heap = await drawn.read();
      const { shallow, retained } = naiveAnswers(drawn);
      expect([...heap.shallowSizes], `shallow sizes of seed ${seed}`).toEqual(shallow);
      expect([...heap.retainedSizes], `retained sizes of seed ${seed}`).toEqual(retained);
    }
  });
});
