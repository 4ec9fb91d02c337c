import { describe, expect, it } from 'vitest';
import { type BoundHints, BoundHintsReader } from '../src/kit/diagnosis/probe/inside/bound-hints.js';
import { CleanupTimers } from '../src/kit/diagnosis/probe/inside/cleanup-timers.js';
import { containerAt, introspection, program, rootsAlone, walk } from './support/probe.js';

const reader = new BoundHintsReader(introspection, new CleanupTimers(introspection));

function hintsOf(root: object, container: object): BoundHints {
  const graph = walk({ root });
  return reader.read(containerAt(graph, container), graph);
}

describe('what is near a container', () => {
  it('includes numbers of its retainers, and those in their options', () => {
    const cache = { entries: new Map(), max: 500, options: { ttl: 60_000 }, other: { ignored: 1 } };
    expect(hintsOf({ cache, limit: 3 }, cache.entries).numbers).toEqual([
      { name: 'max', value: 500 },
      { name: 'options.ttl', value: 60_000 },
      { name: 'limit', value: 3 },
    ]);
  });

  it('includes numbers in private fields beside a private container', () => {
    const [cache, entries] = program<[object, object]>(
      'const entries = new Map(); return [new (class { #entries = entries; #max = 50; })(), entries];',
    );
    expect(hintsOf(cache, entries).numbers).toEqual([{ name: '#max', value: 50 }]);
  });

  it('includes numbers in variables beside a variable', () => {
    const [remember, entries] = program<[object, object]>(
      'const entries = new Map(); const MOST = 70; return [() => [entries, MOST], entries];',
    );
    expect(hintsOf(remember, entries).numbers).toEqual([{ name: 'MOST', value: 70 }]);
  });

  it('calls no getter', () => {
    const cache = program<{ entries: object }>(
      'return { entries: new Map(), get max() { throw new Error("a getter was called"); } };',
    );
    expect(hintsOf(cache, cache.entries).numbers).toEqual([]);
  });

  it('includes until when the oldest entries are valid, as a number, a date or a timer', () => {
    const timer = setTimeout(() => {}, 30_000).unref();
    const entries = new Map<string, object>([
      ['a', { expiresAt: 1_000 }],
      ['b', { validUntil: new Date(2_000) }],
      ['c', { timer }],
      ['d', { createdAt: 4_000 }],
    ]);
    const { expiries } = reader.read(
      { kind: 'Map', object: entries, entries: 4, weight: 1, pathId: 0, node: 0 },
      rootsAlone({ entries }),
    );
    clearTimeout(timer);
    expect(expiries.map(({ name }) => name)).toEqual(['expiresAt', 'validUntil', 'timer']);
    expect(expiries.map(({ value }) => value)).toEqual([
      1_000,
      2_000,
      expect.closeTo(Date.now() + 30_000, -4),
    ]);
  });

  it('includes the script of the class that retains it', () => {
    const cache = program<{ entries: object }>('return new (class Cache { entries = new Map(); })();');
    expect(hintsOf(cache, cache.entries).scripts).toEqual([expect.stringMatching(/^\d+$/)]);
    expect(hintsOf({ entries: cache.entries }, cache.entries).scripts).toEqual([]);
  });

  it('is read again later, as it is then', () => {
    const cache = { entries: new Map(), added: 1 };
    const graph = walk({ cache });
    const numbers = reader.numbersAround(containerAt(graph, cache.entries), graph);
    cache.added = 2;
    expect(numbers()).toEqual([{ name: 'added', value: 2 }]);
  });
});
