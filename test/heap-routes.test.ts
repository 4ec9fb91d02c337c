import { describe, expect, it } from 'vitest';
import { Heap } from '../src/kit/heap/heap.js';
import { ownerPath } from '../src/kit/heap/path/owner-path.js';
import { searchOwner } from '../src/kit/heap/path/owner-search.js';
import { HeapBuilder } from './support/heap-builder.js';
import { seeded } from './support/heap-random.js';
import { randomHeap } from './support/heap-random-graph.js';

/** A set of no node of the heap: a search with one remembers nothing, and postpones nothing. */
const ALONE: ReadonlySet<number> = new Set([-1]);

const EDGES = ['property', 'element', 'internal', 'context', 'hidden'] as const;

/** Nodes that more than a thousand others refer to, and that refer to each other, above and below many objects. */
function heapOfHubs(seed: number): HeapBuilder {
  const below = seeded(seed);
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  const hubs = Array.from({ length: 2 + below(4) }, (_, at) => heap.object(`Hub${at}`));
  const others = Array.from({ length: 1100 + below(300) }, (_, at) => heap.object(`N${at}`));
  const any = () => (below(3) === 0 ? hubs : others)[below(2)]!;
  for (const [at, other] of others.entries()) {
    for (const hub of hubs) if (below(20) > 0) heap.property(other, `hub${hub}`, hub);
    const above = at === 0 ? root : others[below(at)]!;
    heap.edge(above, EDGES[below(EDGES.length)]!, at, other);
  }
  for (let n = 0; n < 12; n++) heap.edge(hubs[below(hubs.length)]!, 'element', n, any());
  for (let n = 0; n < 1 + below(3); n++) heap.property(root, `p${n}`, others[below(others.length)]!);
  for (let n = 0; n < below(4); n++)
    heap.edge(0, 'internal', `handle${n}`, [...hubs, ...others][below(hubs.length + others.length)]!);
  return heap;
}

/** Asks for the nodes in an order that the seed draws, so that each search knows other routes. */
function costsOf(heap: Heap, seed: number, prompts?: ReadonlySet<number>): (number | null)[] {
  const below = seeded(seed);
  const costs: (number | null)[] = [];
  const nodes = Array.from({ length: heap.graph.nodeCount }, (_, node) => node);
  for (let left = nodes.length; left > 0; left--) {
    const [node = 0] = nodes.splice(below(left), 1);
    costs[node] = searchOwner(heap, node, prompts)?.cost ?? null;
  }
  return costs;
}

describe('the cheapest route to a node', () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed))(
    'costs the same whatever was asked before (heap %i)',
    async (seed) => {
      const heap = await randomHeap(seed).read();
      expect(costsOf(heap, seed)).toEqual(costsOf(heap, 1, ALONE));
    },
  );

  it.each(Array.from({ length: 4 }, (_, seed) => seed))(
    'costs the same where it leads through nodes with a thousand retainers (heap %i)',
    async (seed) => {
      const { graph } = await heapOfHubs(seed).read();
      const alone = costsOf(new Heap(graph), 1, ALONE);
      expect(costsOf(new Heap(graph), seed)).toEqual(alone);
      expect(costsOf(new Heap(graph), seed + 1000)).toEqual(alone);
      expect(alone.filter((cost) => cost !== null).length).toBeGreaterThan(1000);
    },
  );

  it('is a route of the heap, from its origin down, also where its parts come from other searches', async () => {
    const heap = await heapOfHubs(3).read();
    costsOf(heap, 5);
    let steps = 0;
    for (let node = 1; node < heap.graph.nodeCount; node++) {
      const route = searchOwner(heap, node);
      for (const [at, { from, to, edge }] of route?.steps.entries() ?? []) {
        expect(heap.graph.targetOf(edge)).toBe(to);
        expect(heap.graph.sourceOf(edge)).toBe(from);
        expect(route?.steps[at + 1]?.from ?? node).toBe(to);
        steps++;
      }
    }
    expect(steps).toBeGreaterThan(heap.graph.nodeCount);
  });

  it('visits a node with a million retainers once, and not for every object below it', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const shared = heap.object('Shared');
    const list = heap.object('List');
    heap.property(root, 'list', list);
    for (let at = 0; at < 5000; at++) {
      const record = heap.object('Record');
      heap.edge(list, 'element', at, record).property(record, 'shared', shared);
    }
    const parts = ['a', 'b', 'c'].map((name) => {
      const part = heap.object('Part');
      heap.property(shared, name, part);
      return part;
    });
    const read = await heap.read();
    const visited = parts.map((part) => searchOwner(read, part)?.visited ?? 0);
    expect(visited[0]).toBeGreaterThan(5000);
    expect(Math.max(...visited.slice(1))).toBeLessThan(10);
    expect(parts.map((part) => ownerPath(read, part)?.text.replace(/\[\d+\]/, '[n]'))).toEqual(
      ['a', 'b', 'c'].map((name) => `globalThis.list[n].shared.${name}`),
    );
  });
});

describe('a heap with a long list', () => {
  it('has its dominators, although something else refers to each value of it', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const index = heap.object('Index');
    // A climb along the list for each value of it would take minutes.
    const LINKS = 250_000;
    let above = root;
    const values: number[] = [];
    for (let at = 0; at < LINKS; at++) {
      const link = heap.object('Link');
      values.push(heap.object('Value'));
      heap.property(above, 'next', link).property(link, 'value', values[at]!);
      above = link;
    }
    heap.property(root, 'index', index);
    for (const [at, value] of values.entries()) heap.edge(index, 'element', at, value);
    const read = await heap.read();
    const { of } = read.dominators;
    expect(new Set(values.map((value) => of[value]))).toEqual(new Set([root]));
    expect(of[above]).not.toBe(root);
  });
});
