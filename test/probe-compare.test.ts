import { types } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BoundHintsReader } from '../src/kit/diagnosis/probe/inside/bound-hints.js';
import { CleanupTimers } from '../src/kit/diagnosis/probe/inside/cleanup-timers.js';
import { Comparison, type GrowthReport } from '../src/kit/diagnosis/probe/inside/compare.js';
import { ContainerDescriber } from '../src/kit/diagnosis/probe/inside/container-growth.js';
import { ContainerWeigher } from '../src/kit/diagnosis/probe/inside/container-weight.js';
import { countEntries } from '../src/kit/diagnosis/probe/inside/recount.js';
import { Walker } from '../src/kit/diagnosis/probe/inside/walker.js';
import { introspection, walkerContext } from './support/probe.js';

function comparisonFrom(app: object): Comparison {
  const context = walkerContext();
  const hints = new BoundHintsReader(introspection, new CleanupTimers(introspection));
  return new Comparison({
    types,
    namedRoots: context.namedRoots,
    weigher: new ContainerWeigher(introspection, () => false),
    hints,
    describer: new ContainerDescriber(introspection, hints),
    timersMs: () => [],
    newWalker: () => new Walker(context, [{ edge: { kind: 'root', name: 'app' }, object: app, cost: 0 }]),
  });
}

const finish = (comparison: Comparison): void => {
  while (!comparison.step(1_000));
};

function compared(app: object, grow: () => void): { comparison: Comparison; report: GrowthReport } {
  const comparison = comparisonFrom(app);
  comparison.begin();
  finish(comparison);
  comparison.endFirstWalk();
  grow();
  comparison.begin();
  finish(comparison);
  comparison.beginReport(24);
  finish(comparison);
  return { comparison, report: comparison.report() };
}

const row = (at: number): object => ({ id: at, text: String(at).padEnd(200, 'x') });

const lists = (from: number): object[][] =>
  Array.from({ length: 5 }, (_, list) =>
    Array.from({ length: 400 }, (__, at) => row(from + 400 * list + at)),
  );

const map = (from: number, count = 50): Map<number, object> =>
  new Map(Array.from({ length: count }, (_, at) => [from + at, row(from + at)]));

describe('what grew between two walks', () => {
  it('is reported with the largest growth in bytes first', () => {
    const app = { ids: new Set<number>(), pages: new Map<number, object>() };
    const { report } = compared(app, () => {
      for (let at = 0; at < 100; at += 1) app.ids.add(at);
      for (let at = 0; at < 50; at += 1) app.pages.set(at, { text: String(at).padEnd(5_000, 'x') });
    });
    expect(report.grown.map(({ kind, gained }) => [kind, gained])).toEqual([
      ['Map', 50],
      ['Set', 100],
    ]);
    expect(report.grown[0]!.bytesPerEntry).toBeGreaterThan(5_000);
  });

  it('has a list of lists, which gains few entries of great weight', () => {
    const app = { segments: lists(0), shards: new Map<number, { rows: object[] }>(), limits: [1, 2, 3] };
    const { report } = compared(app, () => {
      app.segments.push(...lists(2_000));
      for (const [at, rows] of lists(9_000).entries()) app.shards.set(at, { rows });
      app.limits.push(4, 5);
    });
    const few = report.grown.filter(({ gained, bytesPerEntry }) => gained === 5 && bytesPerEntry > 10_000);
    expect(few.map(({ route }) => route.at(-1)!.edge.name).toSorted()).toEqual(['segments', 'shards']);
    expect(report.grown.map(({ route }) => route.at(-1)!.edge.name)).not.toContain('limits');
  });

  it('tells containers that were dropped from those that were moved, and from those beside which others grew', () => {
    const app = {
      dropped: [map(0), map(100)],
      moved: [map(200), map(300)],
      beside: [map(400), map(500)],
      older: [] as Map<number, object>[],
    };
    const { report } = compared(app, () => {
      app.dropped = [map(1_000, 90), map(1_100, 90)];
      app.older.push(...app.moved);
      app.moved = [map(1_200, 90), map(1_300, 90)];
      for (let at = 0; at < 80; at += 1) app.beside[0]!.set(1_400 + at, row(at));
      app.beside[1] = map(1_500);
    });
    const found = (name: string) =>
      report.grown.find(({ kind, route }) => kind === 'Map' && route.some(({ edge }) => edge.name === name));
    expect(found('dropped')).toMatchObject({ containers: 2, gained: 80, replaced: 2, gone: 100 });
    expect(found('moved')).toMatchObject({ containers: 2, gained: 80, replaced: 0, gone: 0 });
    expect(found('beside')).toMatchObject({ containers: 2, gained: 80, replaced: 0 });
  });

  it('leaves out a growth of fewer than 8 entries', () => {
    const app = { few: new Set<number>() };
    expect(compared(app, () => [1, 2, 3, 4, 5, 6, 7].forEach((at) => app.few.add(at))).report.grown).toEqual(
      [],
    );
  });

  it('counts a container that was replaced by a larger one as growth on its path', () => {
    const app = { list: [1] };
    const { report } = compared(app, () => (app.list = Array.from({ length: 20 }, (_, at) => at)));
    expect(report.grown).toMatchObject([{ kind: 'Array', gained: 19, total: 20, born: 0 }]);
  });

  it('counts how many of several were replaced', () => {
    const app = { buckets: Array.from({ length: 4 }, () => ({ calls: new Set([1, 2]) })) };
    const { report } = compared(app, () => {
      for (const at of [1, 2]) app.buckets[at]!.calls = new Set(Array.from({ length: 20 }, (_, one) => one));
    });
    expect(report.grown).toMatchObject([
      { kind: 'Set', containers: 4, born: 0, replaced: 2, gone: 4, gained: 36 },
    ]);
  });

  it('attributes new containers that are entries to the container that they are in', () => {
    const app = { sessions: new Map<number, Set<number>>() };
    const add = (from: number) => {
      for (let at = from; at < from + 100; at += 1) app.sessions.set(at, new Set([1, 2, 3]));
    };
    add(0);
    const { report } = compared(app, () => add(100));
    expect(report.grown.map(({ kind, gained }) => [kind, gained])).toEqual([['Map', 100]]);
  });

  it('is counted again later, with the numbers beside it, and is cleared on request', () => {
    const app = { seen: new Set<number>(), limit: 5 };
    const { comparison } = compared(app, () => Array.from({ length: 10 }, (_, at) => app.seen.add(at)));
    app.seen.add(11);
    expect(comparison.recount(0)).toEqual({ entries: 11, numbers: [{ name: 'limit', value: 5 }] });
    expect(comparison.clear(0)).toBe(11);
    expect(app.seen.size).toBe(0);
  });

  it('is not reported before two walks have ended, nor after the end', () => {
    const { comparison } = compared({}, () => {});
    comparison.close();
    expect(() => comparison.report()).toThrow('out of order');
    expect(() => comparisonFrom({}).endFirstWalk()).toThrow('out of order');
  });
});

const ofArray = (object: unknown[]) => countEntries({ kind: 'Array', object, entries: 0 });
const ofObject = (object: object, entries: number) => countEntries({ kind: 'Object', object, entries });

describe('an exact count', () => {
  it('leaves out free slots of an array', () => {
    expect(ofArray(Object.assign(Array.from({ length: 100 }), { 5: {}, 9: 0 }))).toBe(2);
    expect(countEntries({ kind: 'Map', object: new Map([[1, 1]]), entries: 0 })).toBe(1);
  });

  it('is made of more than 30,000 slots where those that are looked at are filled', () => {
    const seats = Array.from({ length: 100_001 }, (_, at) => at);
    expect(ofArray(seats)).toBe(100_001);
    seats.fill(undefined as never, 40_000, 50_000);
    expect(ofArray(seats)).toBeNull();
  });

  it('is made of an object with few properties: those of many are sorted first', () => {
    expect(ofObject({ ann: 1, bob: 2 }, 2)).toBe(2);
    expect(ofObject({ ann: 1 }, 30_001)).toBeNull();
    expect(countEntries({ kind: 'List', object: { next: {} }, link: 'next', entries: 2 })).toBeNull();
  });
});
