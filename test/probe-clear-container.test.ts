import { types } from 'node:util';
import { describe, expect, it } from 'vitest';
import { clearContainer } from '../src/kit/diagnosis/probe/inside/clear-container.js';
import { untouchable } from './support/probe.js';

const clear = (container: object, owner?: object): number => clearContainer(types, container, owner);

describe('clearing a container', () => {
  it.each([
    ['a Map', new Map([[1, 1]]), new Map()],
    ['a Set', new Set([1]), new Set()],
    ['an array', [1], []],
    ['an object', { a: 1 }, {}],
  ])('removes all entries of %s and returns how many there were', (_, container, empty) => {
    expect(clear(container)).toBe(1);
    expect(container).toEqual(empty);
  });

  it('calls the clear() of the object that owns the container, and leaves the rest to it', () => {
    const entries = new Map([[1, 1]]);
    const cache = {
      entries,
      sum: 1,
      clear() {
        this.entries.clear();
        this.sum = 0;
      },
    };
    expect(clear(entries, cache)).toBe(0);
    expect(cache.sum).toBe(0);
    expect(entries.size).toBe(0);
  });

  it('does not clear a Map that the container is an entry of', () => {
    const inner = new Set([1]);
    const outer = new Map([['inner', inner]]);
    clear(inner, outer);
    expect(outer).toEqual(new Map([['inner', new Set()]]));
  });

  it('asks nothing of an owner that is a proxy', () => {
    expect(clear([1, 2], untouchable())).toBe(2);
  });
});
