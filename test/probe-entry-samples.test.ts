import { describe, expect, it } from 'vitest';
import { ContainerWeigher } from '../src/kit/diagnosis/probe/inside/container-weight.js';
import { sampleOf } from '../src/kit/diagnosis/probe/inside/entry-samples.js';
import type { EntrySample } from '../src/kit/diagnosis/probe/inside/entry-weight.js';
import { containerAt, finished, introspection, squares, walk } from './support/probe.js';

const weigher = new ContainerWeigher(introspection, () => false);
const sampled = (object: object): EntrySample =>
  finished(sampleOf(containerAt(walk({ object }), object), introspection.reflection));
const text = (at: number): string => String(at).padEnd(2_000, 'x');

function bytesPerEntry(app: Record<string, object>, name: string): number {
  const graph = walk({ app });
  return finished(weigher.weigh(containerAt(graph, app[name]!), graph)).bytes;
}

describe('a sample of entries', () => {
  it.each([
    ['a Map', (count: number) => squares(count)],
    ['a Set', (count: number) => new Set(Array.from({ length: count }, (_, at) => at))],
    ['an array', (count: number) => Array.from({ length: count }, (_, at) => at)],
    ['an object', (count: number) => Object.fromEntries(squares(count))],
  ])('of %s has the newest, some of all ages, and the oldest', (_name, make) => {
    const { newest, spread, aside } = sampled(make(1_000));
    const [news, all, old] = [newest, spread, aside].map((part) => part.map(([key]) => Number(key)));
    expect(news).toEqual(Array.from({ length: 17 }, (_, at) => 983 + at));
    expect(all).toEqual([61, 184, 307, 430, 552, 675, 798, 921]);
    expect(old).toEqual([0, 1, 2, 3, 949, 915]);
  });

  it('of few entries tells the first half from the second', () => {
    const { newest, spread } = sampled(squares(6));
    expect([newest.length, spread.length]).toEqual([3, 3]);
    expect(sampled(squares(1))).toMatchObject({ newest: [[0, { square: 0 }]], spread: [] });
  });

  it('of a large Map yields, and allows for its changes meanwhile', () => {
    const map = squares(100_000);
    const graph = walk({ map });
    const job = sampleOf(containerAt(graph, map), introspection.reflection);
    let times = 0;
    for (let step = job.next(); step.done !== true; step = job.next()) {
      times += 1;
      for (let at = times * 5_000; at < times * 5_000 + 1_000; at += 1) map.delete(at);
    }
    expect(times).toBeGreaterThanOrEqual(9);
  });

  it('finds the entries of an array with free slots at its end', () => {
    const ring = Array.from({ length: 4_096 }, (_, at) => (at < 2_000 ? { at } : undefined));
    expect(sampled(ring).newest).toHaveLength(17);
  });

  it('has the links of a list, the first one last', () => {
    let head: object | null = null;
    for (let at = 0; at < 1_000; at += 1) head = { at, next: head };
    const list = walk({ app: { head: head! } }).containers.find(({ kind }) => kind === 'List')!;
    const { newest, spread } = finished(sampleOf(list, introspection.reflection));
    expect(newest.at(-1)).toMatchObject([{ at: 998 }]);
    expect([newest.length, spread.length]).toEqual([17, 8]);
  });
});

describe('bytes per entry', () => {
  it('are those of its own values', () => {
    const cache = new Map(Array.from({ length: 100 }, (_, at) => [at, { text: text(at) }]));
    expect(bytesPerEntry({ cache }, 'cache')).toBeGreaterThan(2_000);
    expect(bytesPerEntry({ cache }, 'cache')).toBeLessThan(2_200);
  });

  it('are not those of eight large entries that came first', () => {
    const notes = new Map<number, object>();
    for (let at = 0; at < 8; at += 1) notes.set(at, { text: `${at}`.padEnd(400_000) });
    for (let at = 8; at < 3_000; at += 1) notes.set(at, { at });
    expect(bytesPerEntry({ notes }, 'notes')).toBeLessThan(100);
  });

  it('leave out objects that are reached on another path as well', () => {
    const users = Array.from({ length: 20 }, (_, at) => ({ text: text(at) }));
    const app = {
      users: Object.fromEntries(users.map((user, at) => [`u${at}`, user])),
      recent: new Set(users),
    };
    expect(bytesPerEntry(app, 'recent')).toBeLessThan(200);
  });

  it('leave out what the walk found elsewhere for those entries that it visited, also of the others', () => {
    const users = Array.from({ length: 3_000 }, (_, at) => ({ text: text(at), toString: text }));
    const app = {
      byName: new Map(users.map((user, at) => [`u${at}`, { at, owner: { user } }])),
      users: Object.fromEntries(users.map((user, at) => [`u${at}`, user])),
    };
    expect(bytesPerEntry(app, 'byName')).toBeLessThan(300);
  });

  it('tell what another container has as well, which was weighed before', () => {
    const users = Array.from({ length: 1_000 }, (_, at) => ({ text: text(at) }));
    const app = { byId: new Map(users.map((user, at) => [at, user])), list: new Set(users) };
    const graph = walk({ app });
    const [first, second] = [app.byId, app.list].map((one) => containerAt(graph, one));
    const before = finished(weigher.weigh(first!, graph));
    const { bytes, overlaps } = finished(weigher.weigh(second!, graph));
    expect(before.overlaps.size).toBe(0);
    expect(bytes - (overlaps.get(first!.node) ?? 0)).toBeLessThan(100);
  });

  it('are those of the link in a list, with what it has, and the same for a Map with a list beside it', () => {
    const cache = { entries: new Map<number, object>(), newest: null as object | null };
    for (let at = 0; at < 1_000; at += 1) {
      const older = cache.newest;
      const entry = { at, value: { text: text(at) }, older, newer: null };
      if (older) Reflect.set(older, 'newer', entry);
      cache.newest = entry;
      cache.entries.set(at, entry);
    }
    const graph = walk({ cache });
    const list = graph.containers.find((one) => one.kind === 'List' && one.link === 'older')!;
    const map = finished(weigher.weigh(containerAt(graph, cache.entries), graph));
    const links = finished(weigher.weigh(list, graph));
    for (const { bytes } of [map, links]) {
      expect(bytes).toBeGreaterThan(2_000);
      expect(bytes).toBeLessThan(2_300);
    }
  });

  it('include values in arrays beside a Map of slot numbers', () => {
    const slots = new Map(Array.from({ length: 50 }, (_, at) => [`key${at}`, at]));
    const values = Array.from({ length: 50 }, (_, at) => ({ text: text(at) }));
    expect(bytesPerEntry({ slots, values }, 'slots')).toBeGreaterThan(2_000);
  });

  it('are 1 for a buffer and for a long text', () => {
    const { buffer } = new Uint8Array(100);
    expect(bytesPerEntry({ buffer }, 'buffer')).toBe(1);
  });
});
