import { describe, expect, it } from 'vitest';
import { type EntryValues, Sizes } from '../src/kit/diagnosis/probe/inside/sizes.js';
import { introspection, program, squares, untouchable, withGetter } from './support/probe.js';

const sizes = new Sizes(introspection);
const nothingShared = (): boolean => false;
/** Bytes of the values alone, without the slot of the entry. */
const bytesOf = (...values: EntryValues): number =>
  sizes.entryBytes('Array', [values], nothingShared) - sizes.entryBytes('Array', [[1]], nothingShared);

describe('the bytes of one entry', () => {
  it('include the slot in its container, which differs by the kind of container', () => {
    expect(sizes.entryBytes('Map', [[1, 1]], nothingShared)).toBe(37);
    expect(sizes.entryBytes('Array', [], nothingShared)).toBe(10);
  });

  it('include texts, with two bytes per character outside of Latin-1', () => {
    expect(bytesOf('x'.repeat(1_000))).toBe(1_016);
    expect(bytesOf('界'.repeat(1_000))).toBe(2_016);
    expect(bytesOf('x')).toBe(0);
  });

  it('include nothing for a small integer, and an object for any other number', () => {
    expect([bytesOf(7), bytesOf(0.5), bytesOf(2 ** 40)]).toEqual([0, 16, 16]);
  });

  it('include the memory behind a buffer', () => {
    expect(bytesOf(new Uint8Array(10_000))).toBeGreaterThan(10_000);
    expect(bytesOf(new Uint8Array(10_000))).toBeLessThan(10_300);
  });

  it('include what a Map or a long array refers to, by all of its slots', () => {
    expect(bytesOf(squares(1_000))).toBeGreaterThan(37_000);
    expect(bytesOf(Array.from({ length: 1_000 }).fill(1))).toBeGreaterThan(10_000);
  });

  it('include what a closure, a promise and a private field refer to', () => {
    const text = 'x'.repeat(5_000);
    const close = program<(text: string) => object>('return (text) => () => text;');
    const Store = program<new (text: string) => object>(
      'return class { #text; constructor(text) { this.#text = text; } };',
    );
    for (const value of [close(text), Promise.resolve(text), new Store(text)]) {
      // A closure has a scope; the outermost one here is the function that made it.
      expect(bytesOf(value)).toBeGreaterThan(5_000);
      expect(bytesOf(value)).toBeLessThan(5_600);
    }
  });

  it('leave out what the getter of an entry would return, and what is behind a proxy', () => {
    expect(bytesOf(withGetter('text'))).toBeLessThan(100);
    expect(bytesOf(untouchable({ text: 'x'.repeat(5_000) }))).toBe(32);
  });

  it('leave out what several entries have in common', () => {
    const config = { text: 'x'.repeat(5_000) };
    const entries = [1, 2, 3].map((at) => [{ at, config }]);
    expect(sizes.entryBytes('Array', entries, nothingShared)).toBeLessThan(100);
    expect(sizes.entryBytes('Array', entries.slice(0, 1), nothingShared)).toBeGreaterThan(5_000);
  });

  it('leave out what something else retains as well', () => {
    const shared = { text: 'x'.repeat(5_000) };
    expect(sizes.entryBytes('Array', [[{ shared }]], (object) => object === shared)).toBeLessThan(100);
  });

  it('are the mean of the sampled entries', () => {
    const entries = [['a'.repeat(1_000)], ['b'.repeat(3_000)]];
    expect(sizes.entryBytes('Array', entries, nothingShared)).toBe(10 + 2_016);
  });
});
