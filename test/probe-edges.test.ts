import { describe, expect, it } from 'vitest';
import { Edges } from '../src/kit/diagnosis/probe/inside/edges.js';
import type { ContainerKind, Edge } from '../src/kit/diagnosis/probe/inside/walk-result.js';
import { program, squares, untouchable, walkerContext, withGetter } from './support/probe.js';

interface Offered {
  value: unknown;
  edge: Edge;
  cost: number;
  weight: number;
}

function edgesOf(object: object, weight = 1) {
  const offered: Offered[] = [];
  const containers: [ContainerKind, number][] = [];
  let arrows = 0;
  new Edges(walkerContext(), {
    offer: (value, edge, cost, weight) => offered.push({ value, edge, cost, weight }),
    addContainer: ({ kind }, entries) => containers.push([kind, entries]),
    costSoFar: () => 0,
    nearestVariable: () => null,
    addArrow: () => (arrows += 1),
  }).offerFrom(object, weight, 0);
  const of = (kind: Edge['kind']) => offered.filter(({ edge }) => edge.kind === kind);
  return { of, named: (name: string) => offered.find(({ edge }) => edge.name === name), containers, arrows };
}

const dictionary = (size: number): object => Object.fromEntries(squares(size));

describe('what is reached from an object in one step', () => {
  it('is every property, at a higher cost through a symbol or a constructor', () => {
    const edges = edgesOf({ plain: {}, [Symbol('mark')]: {}, constructor: {} });
    const [plain, mark, constructor] = ['plain', 'Symbol(mark)', 'constructor'].map(
      (name) => edges.named(name)!.cost,
    );
    expect(plain).toBeLessThan(mark!);
    expect(mark).toBeLessThan(constructor!);
  });

  it('is the function of a getter, which is not called', () => {
    expect(edgesOf(withGetter('secret')).named('secret')!.value).toBeTypeOf('function');
  });

  it('is every entry of a small Map, and a proxy as it is', () => {
    const proxy = untouchable();
    const edges = edgesOf(new Map([['key', proxy]]));
    expect(edges.named('key')!.value).toBe('key');
    expect(edges.of('entry').at(-1)!.value).toBe(proxy);
    expect(edges.containers).toEqual([['Map', 1]]);
  });

  it('is a sample of 8 entries of a large Map or Set, each of which stands for many', () => {
    const map = edgesOf(squares(1_000), 2);
    const values = map.of('entry').filter(({ edge }) => edge.name === '');
    expect(values.map(({ weight }) => weight)).toEqual(Array(8).fill(250));
    expect(map.containers).toEqual([['Map', 1_000]]);
    expect(
      edgesOf(new Set(squares(800).values()))
        .of('entry')
        .map(({ weight }) => weight),
    ).toEqual(Array(8).fill(100));
  });

  it('is both ends of a long array', () => {
    const numbers = Array.from({ length: 1_000 }, (_, at) => ({ at }));
    const offered = edgesOf(numbers)
      .of('entry')
      .map(({ value }) => (value as { at: number }).at);
    expect(offered).toEqual([0, 1, 2, 3, 996, 997, 998, 999]);
  });

  it('counts the filled slots of a long array, by a sample', () => {
    const ring = Array.from({ length: 6_400 }, (_, at) => (at < 1_600 ? { at } : undefined));
    expect(edgesOf(ring).containers).toEqual([['Array', 1_600]]);
  });

  it('is a container if it has 24 properties, and entered by a sample if it has more than 400', () => {
    expect(edgesOf(dictionary(23)).containers).toEqual([]);
    expect(edgesOf(dictionary(24)).containers).toEqual([['Object', 24]]);
    expect(edgesOf(dictionary(400)).of('property')).toHaveLength(400);
    expect(edgesOf(dictionary(401)).of('entry')).toHaveLength(8);
  });

  it('is the content of private fields, also of static ones', () => {
    const [Store, store] = program<[object, object]>(
      'class Store { static #all = {}; #seen = {}; } return [Store, new Store()];',
    );
    expect(edgesOf(store).named('#seen')).toMatchObject({ value: {}, edge: { kind: 'private' } });
    expect(edgesOf(Store).named('#all')).toMatchObject({ value: {}, edge: { kind: 'private' } });
  });

  it('is the memory behind a buffer, which is counted in bytes', () => {
    const bytes = new Uint8Array(512);
    expect(edgesOf(bytes).named('buffer')!.value).toBe(bytes.buffer);
    expect(edgesOf(bytes.buffer).containers).toEqual([['Buffer', 512]]);
  });
});

describe('what is reached from a function in one step', () => {
  it('is each variable that it closes over, with the function that declares it', () => {
    const fn = program('return (function makeStore() { const users = {}; return () => users; })();');
    // The outermost scope is taken for the file.
    const inner = program(
      'const file = {}; return (function makeStore() { const users = {}; return () => [users, file]; })();',
    );
    expect(edgesOf(fn).named('users')!.edge).toMatchObject({ kind: 'variable', scope: '' });
    expect(edgesOf(inner).named('users')!.edge).toMatchObject({ kind: 'variable', scope: 'makeStore' });
    expect(edgesOf(inner).named('file')!.cost).toBeGreaterThan(edgesOf(inner).named('users')!.cost);
  });

  it('is what a bound function is bound to', () => {
    const self = {};
    const fn = program<() => void>('return function () {};').bind(self);
    expect(edgesOf(fn).named('[[BoundThis]]')!.value).toBe(self);
  });

  it('is its properties, without a prototype that V8 would have to make', () => {
    const fn = Object.assign(program('return function () {};'), { cache: {} });
    expect(
      edgesOf(fn)
        .of('property')
        .map(({ edge }) => edge.name),
    ).toEqual(['cache']);
  });

  it('is noted as an arrow function if it uses the this around it', () => {
    expect(edgesOf(program('return (() => this);')).arrows).toBe(1);
    expect(edgesOf(program('return function () { return this; };')).arrows).toBe(0);
  });

  it('is inspected for at most 8 functions of the same source', () => {
    const make = program<(at: object) => () => object>('return (at) => () => at;');
    const seen: unknown[] = [];
    const edges = new Edges(walkerContext(), {
      offer: (value, { name }) => name === 'at' && seen.push(value),
      addContainer: () => {},
      costSoFar: () => 0,
      nearestVariable: () => null,
      addArrow: () => {},
    });
    for (let times = 0; times < 20; times += 1) edges.offerFrom(make({}), 1, 0);
    expect(seen).toHaveLength(8);
  });
});
