import { describe, expect, it } from 'vitest';
import {
  type EntryValues,
  EntryWeigher,
  type EntryWeight,
} from '../src/kit/diagnosis/probe/inside/entry-weight.js';
import { Sizes } from '../src/kit/diagnosis/probe/inside/sizes.js';
import { finished, introspection, program, squares, untouchable, withGetter } from './support/probe.js';

const weigher = new EntryWeigher(new Sizes(introspection, () => false), introspection.reflection);
const nothingShared = (): boolean => false;
const noClaims = { claimerOf: () => undefined, claim: () => {} };

function weightOf(
  newest: EntryValues[],
  { kind = 'Array', spread = [], aside = [], isShared = nothingShared }: Partial<Parts> = {},
): EntryWeight {
  return finished(weigher.weigh(kind, { newest, spread, aside }, isShared, noClaims));
}
interface Parts {
  kind: 'Array' | 'Map';
  spread: EntryValues[];
  aside: EntryValues[];
  isShared: (object: object, labels: string) => boolean;
}
const SLOT = 10;
/** Bytes of the values alone, without the slot of the entry. */
const bytesOf = (...values: EntryValues): number => weightOf([values]).bytes - SLOT;

describe('the bytes of one entry', () => {
  it('include the slot in its container, which differs by the kind of container', () => {
    expect(weightOf([[1, 1]], { kind: 'Map' }).bytes).toBe(37);
    expect(weightOf([]).bytes).toBe(SLOT);
  });

  it('include texts, with two bytes per character outside of Latin-1', () => {
    expect(bytesOf('x'.repeat(1_000))).toBe(1_016);
    expect(bytesOf('界'.repeat(1_000))).toBe(2_016);
    expect(bytesOf('x')).toBe(0);
  });

  it('include nothing for a small integer, and an object for any other number, of which equal ones are not one', () => {
    expect([bytesOf(7), bytesOf(0.5), bytesOf(2 ** 40), bytesOf(0.5, 0.5)]).toEqual([0, 16, 16, 32]);
    expect(bytesOf({ at: 0.5, by: 0.5 }) - bytesOf({ at: 1, by: 1 })).toBe(32);
    expect(bytesOf([0.5, 1.5]) - bytesOf([1, 2])).toBe(0); // numbers alone are stored as they are
    expect(bytesOf([0.5, 'x']) - bytesOf([1, 'x'])).toBe(16);
  });

  it('are those that V8 uses for plain objects, arrays and collections', () => {
    expect([bytesOf({ a: 1, b: 2 }), bytesOf([]), bytesOf([1, 2, 3])]).toEqual([40, 32, 72]);
    expect([bytesOf(new Map()), bytesOf(new Set()), bytesOf(squares(5)) - 5 * 32]).toEqual([184, 152, 296]);
  });

  it('include the memory behind a buffer', () => {
    expect(bytesOf(new Uint8Array(10_000))).toBeGreaterThan(10_000);
    expect(bytesOf(new Uint8Array(10_000))).toBeLessThan(10_300);
  });

  it('include what a Map or a long array refers to, by all of its slots', () => {
    expect(bytesOf(squares(1_000))).toBeGreaterThan(1_000 * (28 + 32));
    const rows = Array.from({ length: 1_000 }, (_, at) => ({ at, text: `${at}`.padEnd(100) }));
    expect(bytesOf(rows)).toBeGreaterThan(1_000 * 160);
    expect(bytesOf(rows)).toBeLessThan(1_000 * 180);
    const one = { text: 'x'.repeat(5_000) };
    expect(bytesOf(Array.from({ length: 1_000 }, () => one))).toBeLessThan(14_000);
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

  it('include a scope once, however many functions see it', () => {
    const both = program<(text: string) => object[]>('return (text) => [() => text, () => text + 1];');
    const text = 'x'.repeat(100);
    const [one, other] = both(text);
    expect(bytesOf(one, other) - bytesOf(one)).toBe(7 * 8);
  });

  it('leave out what the getter of an entry would return, and what is behind a proxy', () => {
    expect(bytesOf(withGetter('text'))).toBeLessThan(100);
    expect(bytesOf(untouchable({ text: 'x'.repeat(5_000) }))).toBe(32);
  });

  it('leave out what something else retains as well', () => {
    const shared = { text: 'x'.repeat(5_000) };
    const { bytes } = weightOf([[{ shared }]], { isShared: (object) => object === shared });
    expect(bytes).toBeLessThan(100);
  });

  it('name the arrow functions whose `this` cannot be seen', () => {
    const handler = program('return { onmessage: () => this.tools };');
    expect(weightOf([[handler]]).arrows).toMatchObject([{ line: 1 }]);
    expect(weightOf([[{ onmessage: () => 1 }]]).arrows).toEqual([]);
  });
});

describe('the bytes of neighbours', () => {
  it('leave out what older entries have as well', () => {
    const config = { text: 'x'.repeat(5_000) };
    const entries = [1, 2, 3].map((at) => [{ at, config }]);
    const aside = [[{ at: 0, config }]];
    expect(weightOf(entries, { aside }).bytes).toBeLessThan(100);
    expect(weightOf(entries, { spread: aside }).bytes).toBeLessThan(100);
    expect(weightOf(entries.slice(0, 1)).bytes).toBeGreaterThan(5_000);
  });

  it('share what one request brought: it counts for the first entry that has it', () => {
    const newest = Array.from({ length: 16 }, (_, at) => at).flatMap((request) => {
      const context = { text: `${request}`.padEnd(4_000) };
      return [1, 2, 3, 4].map((at) => [{ at, context }]);
    });
    const { bytes } = weightOf(newest.slice(1));
    expect(bytes).toBeGreaterThan(900);
    expect(bytes).toBeLessThan(1_200);
  });

  it('are without each other, where each links to the next', () => {
    const chain: { key: number; text: string; newer: object | null }[] = [];
    for (let at = 0; at < 100; at += 1) chain.push({ key: at, text: `${at}`.padEnd(1_000), newer: null });
    for (const [at, link] of chain.entries()) link.newer = chain[at + 1] ?? null;
    const newest = chain.slice(-40, -20).map((link) => [link]);
    expect(weightOf(newest).bytes).toBeGreaterThan(1_000);
    expect(weightOf(newest).bytes).toBeLessThan(1_200);
  });

  it('are those of the newest, and the mean of all ages is told apart', () => {
    const large = Array.from({ length: 8 }, (_, at) => [`${at}`.padEnd(100_000)]);
    const small = Array.from({ length: 8 }, (_, at) => [`${at}`.padEnd(100)]);
    const { bytes, heldBytes } = weightOf(small, { spread: large });
    expect(bytes).toBeLessThan(200);
    expect(heldBytes).toBeGreaterThan(90_000);
  });

  it('are at most what texts take as ropes, equal texts as copies, and arrays with free slots', () => {
    const texts = Array.from({ length: 6 }, () => ['the same text again']);
    expect(weightOf(texts, { spread: [['the same text again']] })).toMatchObject({ bytes: SLOT });
    expect(weightOf(texts, { spread: [['the same text again']] }).mostBytes).toBeGreaterThan(60);
    expect(weightOf([[[7]]]).mostBytes).toBeGreaterThan(170); // measured: 181 bytes after one push
    expect(weightOf([[7]]).mostBytes).toBe(SLOT);
  });
});
