import { describe, expect, it } from 'vitest';
import { CostQueue } from '../src/kit/diagnosis/probe/inside/cost-queue.js';
import type { WalkedGraph } from '../src/kit/diagnosis/probe/inside/walk-result.js';
import { Walker } from '../src/kit/diagnosis/probe/inside/walker.js';
import {
  containerAt,
  finishedWalk,
  program,
  squares,
  untouchable,
  walk,
  walkerContext,
} from './support/probe.js';

function namesTo(object: object, { nodes, parents, edges }: WalkedGraph): string[] {
  const names: string[] = [];
  for (let at = nodes.get(object) ?? -1; at >= 0; at = parents[at]!) names.unshift(edges[at]!.name);
  return names;
}

/** The sizes of the texts to which one variable leads, from one function each. */
const seenBy = (...texts: string[]): number[] => {
  const edge = { kind: 'variable' as const, name: 'log', script: '7', scope: 'module' };
  const roots = texts.map((text) => ({ edge, object: text as unknown as object, cost: 0 }));
  const walker = new Walker(walkerContext(), roots);
  while (!walker.step(1_000));
  return walker.graph.containers.map(({ entries }) => entries);
};

describe('a walk', () => {
  it('reaches an object on the path of the lowest cost', () => {
    const users = new Map();
    const graph = walk({ list: [[users]], app: { service: { users } } });
    expect(namesTo(users, graph)).toEqual(['app', 'service', 'users']);
  });

  it('visits each object once, also in a cycle', () => {
    const parent: { child?: object } = {};
    parent.child = { parent };
    const { objects } = walk({ parent });
    expect(objects.filter((object) => object === parent)).toHaveLength(1);
  });

  it('visits a proxy and does not enter it', () => {
    const proxy = untouchable();
    expect(walk({ app: { proxy } }).nodes.has(proxy)).toBe(true);
  });

  it('finds a container that only the closure of a getter retains', () => {
    const app = program<{ router: Map<unknown, unknown> }>(
      'const app = {}; Object.defineProperty(app, "router", ((behind) => ({ get: () => behind }))(new Map([[1, 1]]))); return app;',
    );
    const graph = walk({ app });
    expect(namesTo(app.router, graph).at(-1)).toBe('behind');
    expect(containerAt(graph, app.router).entries).toBe(1);
  });

  it('counts containers that are entries of a large one by the sample that it visits', () => {
    const sets = Array.from({ length: 1_000 }, () => new Set([1]));
    const weights = walk({ sets })
      .containers.filter(({ kind }) => kind === 'Set')
      .map(({ weight }) => weight);
    expect(weights).toEqual(Array(8).fill(125));
  });

  it('counts a linked list as one container of its first link, with the name that leads to it', () => {
    let head: object | null = null;
    for (let at = 0; at < 5_000; at += 1) head = { at, next: head };
    const app = { jobs: head! };
    const graph = walk({ app });
    const lists = graph.containers.filter(({ kind }) => kind === 'List');
    expect(lists).toHaveLength(1);
    expect(lists[0]!.entries).toBeGreaterThan(4_900);
    expect(lists[0]).toMatchObject({ link: 'next' });
  });

  it('counts the characters of a long text, and leaves a text that is an entry to its container', () => {
    const graph = walk({ app: { journal: 'x'.repeat(60_000), lines: ['y'.repeat(60_000)] } });
    expect(graph.containers.filter(({ kind }) => kind === 'String')).toMatchObject([{ entries: 60_000 }]);
  });

  it('counts a text once that several functions see by one variable', () => {
    const log = 'x'.repeat(60_000);
    expect(seenBy(log, log, log)).toEqual([60_000]);
    expect(seenBy(log, 'y'.repeat(60_000))).toEqual([60_000, 60_000]);
  });

  it('skips objects beyond 2,000 on one path', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`key${at}`, { inner: at }]));
    expect(finishedWalk({ many }).counts.skipped).toBe(0);
    const roots = Array.from({ length: 3_000 }, (_, at) => ({
      edge: { kind: 'root' as const, name: 'same' },
      object: { at },
      cost: 0,
    }));
    const walker = new Walker(walkerContext(), roots);
    while (!walker.step(1_000));
    expect(walker.counts.skipped).toBe(1_000);
  });

  it('ends a step when its time is over, and goes on in the next one', () => {
    const walker = new Walker(walkerContext(), [
      { edge: { kind: 'root', name: 'app' }, object: squares(50), cost: 0 },
    ]);
    expect(walker.step(0)).toBe(false);
    expect(walker.counts.objects).toBe(0);
    while (!walker.step(1));
    expect(walker.counts.objects).toBeGreaterThan(50);
  });
});

describe('the queue of a walk', () => {
  it('gives the lowest cost first, the newest item of one cost first, and takes 5,000 for every higher cost', () => {
    const queue = new CostQueue<string>();
    for (const [item, cost] of [
      ['b', 2],
      ['far', 9_000],
      ['a', 1],
      ['c', 2],
    ] as const)
      queue.add(item, cost);
    expect([queue.take(), queue.take(), queue.take(), queue.take(), queue.cost, queue.take()]).toEqual([
      'a',
      'c',
      'b',
      'far',
      5_000,
      null,
    ]);
  });

  it('gives an item of a lower cost than the last one, if it is added later', () => {
    const queue = new CostQueue<string>();
    queue.add('late', 7);
    queue.take();
    queue.add('early', 3);
    expect([queue.take(), queue.cost]).toEqual(['early', 3]);
  });
});
