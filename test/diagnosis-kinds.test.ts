import { describe, expect, it } from 'vitest';
import { adviceFor, kindOf, type Retainer, suspectKinds } from '../src/kit/advice/index.js';
import { redacted } from '../src/kit/diagnosis/index.js';
import { aDiagnosis, aSuspect } from './support/diagnoses.js';

const retainer = (other: Partial<Retainer>): Retainer => ({
  path: 'app.js › store.items',
  type: 'Map',
  members: ['Item'],
  container: 'keyed',
  ...other,
});

describe('the kind of a suspect', () => {
  it.each([
    ['container', {}],
    ['container', { members: ['Function'] }],
    ['closures', { members: ['Function'], type: 'Array', container: 'listed' }],
    ['closures', { members: ['Object', 'system / Context', 'Function'], type: 'Object', container: null }],
    ['listeners', { path: 'app.js › bus._events.change', type: 'Array', container: 'listed' }],
    ['listeners', { path: 'app.js › stop.signal[<symbol kEvents>]["abort"].next', container: null }],
    ['listeners', { path: 'app.js › feed.changes.observers', members: ['SafeSubscriber'] }],
    ['container', { path: 'app.js › server._events.request.router.stack[2].handle() › store.sessions' }],
    ['timers', { path: 'node:internal/timers › timerListMap[60000]', members: ['Timeout'], container: null }],
    ['promises', { type: 'Promise', members: ['(system)'], container: null }],
    ['finalizers', { type: 'FinalizationRegistry', members: ['(system)'], container: null }],
    ['buffers', { members: ['Buffer'] }],
    ['buffers', { type: 'Array', members: ['Uint8Array'], container: 'listed' }],
    ['objects', { type: 'Object', members: ['Object'], container: null }],
  ] as const)('is %s for a retainer with %o', (kind, other) => {
    expect(kindOf(retainer(other as Partial<Retainer>))).toBe(kind);
  });
});

describe('the advice for a suspect', () => {
  it('differs for each kind', () => {
    expect(new Set(suspectKinds.map((kind) => adviceFor({ kind }))).size).toBe(suspectKinds.length);
  });

  it('names what the keys have in common, when there are five or more and they are alike', () => {
    const ids = Array.from({ length: 5 }, (_, at) => `${at}`.repeat(64));
    expect(adviceFor({ kind: 'container', keys: ids })).toMatch(/^Its keys are hexadecimal ids/);
    expect(adviceFor({ kind: 'container', keys: [...ids, 'x'] })).toBe(adviceFor({ kind: 'container' }));
    expect(adviceFor({ kind: 'container', keys: ids.slice(1) })).toBe(adviceFor({ kind: 'container' }));
  });

  it('says that a container below its declared bound does not leak', () => {
    const bound = { declaredBy: 'max', limit: 10_000, filled: 0.5 };
    expect(adviceFor({ kind: 'container', bound })).toMatch(/\(max: 10,000\) and is 50 % full/);
  });

  it('sends to the path that does not delete, where only some requests leave an entry', () => {
    expect(adviceFor({ kind: 'container', perRequest: 0.2 })).toMatch(/the path on which it is not deleted/);
    expect(adviceFor({ kind: 'container', perRequest: 1 })).toBe(adviceFor({ kind: 'container' }));
    expect(adviceFor({ kind: 'timers', perRequest: 0.2 })).toBe(adviceFor({ kind: 'timers' }));
  });

  it('names no cache and no WeakMap for an Array, which has no keys', () => {
    const facts = { kind: 'container', type: 'Array' } as const;
    for (const perRequest of [1, 0.2]) {
      const advice = adviceFor({ ...facts, perRequest });
      expect(advice).toContain('drop the oldest');
      expect(advice).not.toMatch(/LRU|WeakMap|keys/);
      expect(adviceFor({ kind: 'container', type: 'Map', perRequest })).toMatch(/LRU.*WeakMap/);
    }
    expect(adviceFor({ ...facts, slices: true })).not.toMatch(/LRU|WeakMap/);
  });

  it('says how to copy strings that were cut from larger ones', () => {
    expect(adviceFor({ kind: 'container', slices: true })).toMatch(/Buffer\.from\(piece\)\.toString\(\)/);
  });
});

it('a redacted diagnosis has no keys, whatever characters they contain', () => {
  const name = String.raw`app.js › rooms["a\"] b"].members (Set, 9 entries)`;
  const { suspects, notes } = redacted(
    aDiagnosis({ suspects: [aSuspect({ name })], notes: [{ code: 'uneven-and-unexplained', name }] }),
  );
  const [suspect] = suspects;
  expect(notes).toEqual([
    { code: 'uneven-and-unexplained', name: 'app.js › rooms[…].members (Set, 9 entries)' },
  ]);
  expect(suspect!.sampleKeys).toBeUndefined();
  expect(suspect!.name).toBe('app.js › rooms[…].members (Set, 9 entries)');
});
