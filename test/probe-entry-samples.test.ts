import { describe, expect, it } from 'vitest';
import { EntrySamples } from '../src/kit/diagnosis/probe/inside/entry-samples.js';
import { Sizes } from '../src/kit/diagnosis/probe/inside/sizes.js';
import { containerAt, introspection, squares, walk } from './support/probe.js';

const samples = new EntrySamples(introspection.reflection, new Sizes(introspection));
const sampleOf = (object: object): unknown[][] => samples.sample(containerAt(walk({ object }), object));
const text = (at: number): string => String(at).padEnd(2_000, 'x');

function bytesPerEntry(app: Record<string, object>, name: string): number {
  const graph = walk({ app });
  return samples.bytesPerEntry(containerAt(graph, app[name]!), graph);
}

describe('a sample of entries', () => {
  it('has the first 8 of a Map, each as key and value', () => {
    const sample = sampleOf(squares(100));
    expect(sample).toHaveLength(8);
    expect(sample[0]).toEqual([0, { square: 0 }]);
  });

  it('has the newest 8 of an array, the last one first', () => {
    expect(sampleOf(Array.from({ length: 100 }, (_, at) => at)).map(([value]) => value)).toEqual([
      99, 98, 97, 96, 95, 94, 93, 92,
    ]);
  });

  it('finds the entries of an array with free slots at its end', () => {
    const ring = Array.from({ length: 4_096 }, (_, at) => (at < 2_000 ? { at } : undefined));
    expect(sampleOf(ring)).toHaveLength(8);
  });

  it('has the newest 8 properties of an object', () => {
    expect(
      sampleOf(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`key${at}`, at]))).at(-1),
    ).toEqual(['key29', 29]);
  });

  it('has the values of each link of a list, without the other links', () => {
    let head: object | null = null;
    for (let at = 0; at < 1_000; at += 1) head = { at, next: head };
    const list = walk({ app: { head: head! } }).containers.find(({ kind }) => kind === 'List')!;
    for (const values of samples.sample(list))
      expect(values.every((value) => typeof value === 'number')).toBe(true);
  });
});

describe('bytes per entry', () => {
  it('are those of its own values', () => {
    const cache = new Map(Array.from({ length: 100 }, (_, at) => [at, { text: text(at) }]));
    expect(bytesPerEntry({ cache }, 'cache')).toBeGreaterThan(2_000);
  });

  it('leave out objects that are reached on another path as well', () => {
    const users = Array.from({ length: 20 }, (_, at) => ({ text: text(at) }));
    const app = {
      users: Object.fromEntries(users.map((user, at) => [`u${at}`, user])),
      recent: new Set(users),
    };
    expect(bytesPerEntry(app, 'recent')).toBeLessThan(200);
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
