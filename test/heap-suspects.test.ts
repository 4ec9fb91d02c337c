import { describe, expect, it } from 'vitest';
import { noteText } from '../src/kit/diagnosis/index.js';
import { aSuspect } from './support/diagnoses.js';
import { rankGrown } from '../src/kit/diagnosis/snapshots/rank-grown.js';
import { boundSignOf } from '../src/kit/diagnosis/snapshots/bound-signs.js';
import { accumulationAt, merged } from '../src/kit/diagnosis/snapshots/accumulation.js';
import { largestUnnamed } from '../src/kit/diagnosis/snapshots/largest-unnamed.js';
import { isTurnedOver, suspectsById } from '../src/kit/diagnosis/snapshots/over-snapshots.js';
import { FEWEST_SHARE, suspectsIn } from '../src/kit/diagnosis/snapshots/suspects.js';
import { accumulationPoints, baselineOf, classOf, type Heap } from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';

const FILE = '/srv/app/src/cache.js';

/** A program with a module of one file, whose function `get` reaches the module's variables. */
function programOf(file = FILE) {
  const heap = new HeapBuilder();
  const root = heap.userRoot();
  const native = heap.node('hidden', 'system / NativeContext', 0);
  const scope = heap.object('system / Context', 0);
  const get = closureOf(heap, file, scope);
  heap.property(root, 'get', get).edge(scope, 'internal', 'previous', native);
  return { heap, root, scope };
}

/** A function of a file, created in a scope. */
function closureOf(heap: HeapBuilder, file: string, scope: number, name = 'get', size = 1): number {
  const closure = heap.node('closure', name, size);
  const shared = heap.node('code', name, 0);
  const script = heap.node('code', 'system / Script', 0);
  heap.edge(closure, 'internal', 'context', scope).edge(closure, 'internal', 'shared', shared);
  heap.edge(shared, 'internal', 'script', script);
  heap.edge(script, 'internal', 'name', heap.node('string', file, 0));
  heap.locations.push([closure, 1, 9, 2]);
  return closure;
}

/** Objects of a class in an object, each of its own size. */
function fill(heap: HeapBuilder, owner: number, count: number, className = 'Record', size = 100): void {
  for (let at = 0; at < count; at++) heap.edge(owner, 'element', at, heap.object(className, size));
}

/** A Map of records by key. */
function mapOf(heap: HeapBuilder, count: number, size = 100): number {
  return heap.map(
    Array.from({ length: count }, (_, at) => [
      heap.node('string', `key-${at}`, 10),
      heap.object('Record', size),
    ]),
  );
}

function accumulationsOf(heap: Heap, grew = false) {
  return accumulationPoints(heap, { minShare: FEWEST_SHARE, limit: 50 }).flatMap(
    (point) => accumulationAt(heap, point, grew) ?? [],
  );
}

describe('the note on a snapshot without a suspect', () => {
  it('has the class and share of one object outside the named roots that retains 99 % of the heap', async () => {
    const drawn = new HeapBuilder();
    const root = drawn.userRoot();
    drawn.property(root, 'small', drawn.object('Small', 1_000));
    const handles = drawn.node('synthetic', '(Global handles)', 0);
    const wrapper = drawn.object('NativeWrapper', 10);
    drawn.edge(0, 'element', 1, handles).edge(handles, 'element', 1, wrapper);
    fill(drawn, wrapper, 990);
    const heap = await drawn.read();

    const note = largestUnnamed(heap, null, FEWEST_SHARE)!;
    expect(note.retainers).toMatchObject([{ className: 'NativeWrapper', count: 1, retainedBytes: 99_010 }]);
    expect(note.retainers[0]!.share).toBeCloseTo(0.99, 3);
    expect(noteText(note)).toContain(
      'an object of class NativeWrapper (0.1 MB, 99 %, retained by (Global handles) › [1])',
    );
    expect(noteText(note)).not.toContain('spread');
  });

  it('has the class of many objects that native code retains one by one, with their number', async () => {
    const drawn = new HeapBuilder();
    const root = drawn.userRoot();
    drawn.property(root, 'small', drawn.object('Small', 1_000));
    const handles = drawn.node('synthetic', '(Global handles)', 0);
    drawn.edge(0, 'element', 1, handles);
    fill(drawn, handles, 500, 'Connection', 200);
    const note = largestUnnamed(await drawn.read(), null, FEWEST_SHARE)!;
    expect(note.retainers).toMatchObject([{ className: 'Connection', count: 500, retainedBytes: 100_000 }]);
    expect(noteText(note)).toContain('500 × Connection (0.1 MB, 99 %, retained by (Global handles)');
  });

  it('says that no object retains a large share if all objects are small', async () => {
    const drawn = new HeapBuilder();
    const root = drawn.userRoot();
    for (let at = 0; at < 100; at++) drawn.property(root, `p${at}`, drawn.object(`Class${at}`));
    const heap = await drawn.read();

    expect(suspectsIn(heap)).toEqual([]);
    expect(largestUnnamed(heap, null, FEWEST_SHARE)).toBeNull();
    const largest = Math.max(...Array.from(heap.retainedSizes).slice(2));
    expect(largest / heap.totalBytes).toBeLessThan(FEWEST_SHARE);
    expect(noteText({ code: 'no-large-retainer', share: FEWEST_SHARE })).toContain('no object retains 5 %');
  });

  it('does not exist for a heap of roots only', async () => {
    const drawn = new HeapBuilder();
    drawn.userRoot();
    expect(largestUnnamed(await drawn.read(), null, FEWEST_SHARE)).toBeNull();
  });
});

/** The same process twice: native code retains some records more in the second snapshot. */
async function grown(before: number, after: number, replaced = false) {
  const [first, second] = await Promise.all(
    [before, after].map((count, at) => {
      const drawn = new HeapBuilder();
      const handles = drawn.node('synthetic', '(Global handles)', 0);
      const wrapper = drawn.object('NativeWrapper', 10);
      drawn.edge(0, 'shortcut', 'global', drawn.object('global', 0));
      drawn.edge(0, 'element', 1, handles).edge(handles, 'element', 1, wrapper);
      fill(drawn, wrapper, count, 'Record', 10_000);
      if (replaced && at === 1)
        for (const node of drawn.nodes) if (node.name === 'Record') node.id += 1_000_000;
      return drawn.read();
    }),
  );
  return { before: baselineOf(first!), after: second! };
}

describe('the note on two snapshots without a suspect', () => {
  it('has the class of the object outside the named roots that gained most of the growth', async () => {
    const { before, after } = await grown(100, 300);
    expect(largestUnnamed(after, before, FEWEST_SHARE)!.retainers).toMatchObject([
      { className: 'NativeWrapper', retainedBytes: 3_000_010, share: 1 },
    ]);
  });

  it('does not name an object whose content was only replaced', async () => {
    const { before, after } = await grown(300, 300, true);
    expect(
      largestUnnamed(after, { ...before, totalBytes: before.totalBytes - 1e6 }, FEWEST_SHARE),
    ).toBeNull();
  });
});

describe('an accumulation', () => {
  it('is named by the container of the program that retains it', async () => {
    const { heap: drawn, scope } = programOf();
    const map = mapOf(drawn, 200);
    drawn.edge(scope, 'context', 'cache', map);
    const [one, ...others] = accumulationsOf(await drawn.read());
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      retainer: map,
      isWhole: true,
      fullPath: 'src/cache.js › cache',
      container: { kind: 'Map', entries: 200 },
    });
  });

  it('is named by the nearest common retainer of records that two Maps share', async () => {
    const { heap: drawn, scope } = programOf();
    const records = Array.from({ length: 200 }, () => drawn.object('Record', 100));
    const [byId, byEmail] = ['id', 'email'].map((key) =>
      drawn.map(records.map((record, at) => [drawn.node('string', `${key}-${at}`, 1), record])),
    ) as [number, number];
    const registry = drawn.object('Registry', 10);
    drawn.edge(scope, 'context', 'registry', registry);
    drawn.property(registry, 'byId', byId).property(registry, 'byEmail', byEmail);
    const accumulations = accumulationsOf(await drawn.read());
    expect(accumulations.map(({ retainer }) => retainer)).toContain(byId);
    expect(accumulations.find(({ retainer }) => retainer === byId)).toMatchObject({ isWhole: false });
  });

  it('is named by the first link of a chain that is an object of the program', async () => {
    const { heap: drawn, scope } = programOf();
    const queue = drawn.object('Queue', 10);
    drawn.edge(scope, 'context', 'queue', queue);
    let last = queue;
    const first = drawn.nodes.length;
    for (let at = 0; at < 300; at++) {
      const link = drawn.object('Link', 100);
      drawn.property(last, at === 0 ? 'head' : 'next', link);
      last = link;
    }
    const [one] = accumulationsOf(await drawn.read());
    expect(one).toMatchObject({ retainer: first, fullPath: 'src/cache.js › queue.head', isWhole: false });
  });

  it('is the promise that has a list of reactions, which V8 keeps as a chain of its own', async () => {
    const { heap: drawn, scope } = programOf();
    const promise = drawn.object('Promise', 32);
    drawn.edge(scope, 'context', 'shutdown', promise);
    let last = promise;
    for (let at = 0; at < 300; at++) {
      const reaction = drawn.node('hidden', 'system / PromiseReaction', 40);
      drawn.edge(last, 'internal', at === 0 ? 'reactions_or_result' : 'next', reaction);
      drawn.edge(reaction, 'internal', 'fulfill_handler', drawn.node('closure', 'request', 64));
      last = reaction;
    }
    const [suspect] = suspectsIn(await drawn.read());
    expect(suspect).toMatchObject({ kind: 'promises', type: 'Promise' });
    expect(suspect!.name).toMatch(/shutdown.* \(299 reactions\)$/);
  });

  it('is a chain of instances of a class, with functions between them: the class is what is counted', async () => {
    const { heap: drawn, scope } = programOf();
    let last = scope;
    for (let at = 0; at < 300; at++) {
      const instance = drawn.object('Scope', 40);
      const listeners = drawn.node('object', 'Array', 32);
      const closure = drawn.node('closure', '', 64);
      const context = drawn.object('system / Context', 48);
      drawn.edge(last, 'context', at === 0 ? 'current' : 'before', instance);
      drawn.property(instance, 'o', listeners);
      drawn.edge(listeners, 'element', 0, closure).edge(closure, 'internal', 'context', context);
      last = context;
    }
    const [suspect] = suspectsIn(await drawn.read());
    expect(suspect!.name).toBe('src/cache.js › current (a chain of 300 Scope, each retained by the next)');
  });

  it('is a chain of plain objects, whose links are told by their shapes', async () => {
    const { heap: drawn, scope } = programOf();
    const shapes = ['state', 'undo', 'to'].map(() => drawn.node('hidden', 'system / Map', 0));
    let last = scope;
    for (let at = 0; at < 900; at++) {
      const link = drawn.object('Object', 40);
      drawn.edge(link, 'internal', 'map', shapes[at % 3]!);
      drawn.edge(last, at === 0 ? 'context' : 'property', ['state', 'undo', 'to'][at % 3]!, link);
      last = link;
    }
    const [suspect] = suspectsIn(await drawn.read());
    expect(suspect!.name).toBe('src/cache.js › state (a chain of 300 Object, each retained by the next)');
  });

  it('is a chain of the program, whose links have several steps, below a listener that looks like one of them', async () => {
    const { heap: drawn, scope } = programOf();
    const code = (name: string): number => drawn.node('code', name, 8);
    const [listening, inFile, wrapping, inWrapper] = ['listener', 'file', 'wrap', 'scope'].map(code);
    const link = (from: number, name: string, shared: number, info: number): number => {
      const closure = drawn.node('closure', 'wrap', 64);
      const context = drawn.object('system / Context', 48);
      drawn.edge(from, 'context', name, closure).edge(closure, 'internal', 'shared', shared);
      drawn.edge(closure, 'internal', 'context', context).edge(context, 'internal', 'scope_info', info);
      return context;
    };
    let last = link(scope, 'listener', listening!, inFile!);
    const first = drawn.nodes.length;
    for (let at = 0; at < 300; at++)
      last = link(last, at === 0 ? 'pipeline' : 'inner', wrapping!, inWrapper!);
    const heap = await drawn.read();
    const [one] = accumulationsOf(heap);
    expect(one).toMatchObject({ retainer: first });
    expect(suspectsIn(heap)[0]!.name).toBe(
      'src/cache.js › listener() › pipeline (a chain of 300 functions, each retained by the next)',
    );
  });

  it('of a container in a file of Node is none in one snapshot, and one if it grew', async () => {
    const { heap: drawn, scope } = programOf('node:internal/perf/observe');
    const map = mapOf(drawn, 200);
    drawn.edge(scope, 'context', 'marks', map);
    const heap = await drawn.read();
    expect(accumulationsOf(heap)).toEqual([]);
    expect(accumulationsOf(heap, true)).toMatchObject([{ retainer: map }]);
  });

  it('of objects of Node that native code retains is none in one snapshot, and one if they grew', async () => {
    const { heap: drawn } = programOf();
    const handles = drawn.node('synthetic', '(Global handles)', 0);
    drawn.edge(0, 'element', 1, handles);
    fill(drawn, handles, 200, 'MessagePort');
    const heap = await drawn.read();
    expect(accumulationsOf(heap)).toEqual([]);
    expect(accumulationsOf(heap, true)).toMatchObject([{ point: { kind: 'siblings' }, functions: [] }]);
  });

  it('has the places in the source of the functions that its members retain', async () => {
    const { heap: drawn, scope } = programOf();
    const list = drawn.object('Hooks', 10);
    drawn.edge(scope, 'context', 'hooks', list);
    for (let at = 0; at < 200; at++)
      drawn.edge(list, 'element', at, closureOf(drawn, FILE, scope, 'onClose', 100));
    const [one] = accumulationsOf(await drawn.read());
    expect(one?.functions).toEqual([{ function: 'onClose', file: FILE, line: 10, column: 3 }]);
  });
});

/** A variable with an instance of a package's class that has two lists of records. */
function packageInstance(fields: readonly string[]) {
  const { heap: drawn, scope } = programOf();
  const cache = drawn.object('LRUCache', 10);
  const prototype = drawn.object('Object', 0);
  const constructor = closureOf(drawn, '/srv/app/node_modules/lru-cache/index.js', scope, 'LRUCache', 0);
  drawn.edge(scope, 'context', 'cache', cache).property(cache, '__proto__', prototype);
  drawn.property(prototype, 'constructor', constructor);
  for (const field of fields) {
    const list = drawn.object('Object', 10);
    drawn.property(cache, field, list);
    fill(drawn, list, 100);
  }
  return { drawn, cache };
}

describe('the merge of accumulations', () => {
  it('makes one of several inside an instance of a package’s class, with the sum of their bytes', async () => {
    const { drawn, cache } = packageInstance(['keys', 'values']);
    const heap = await drawn.read();
    const accumulations = accumulationsOf(heap);
    expect(accumulations).toHaveLength(2);
    expect(merged(heap, accumulations)).toMatchObject([
      { retainer: cache, isWhole: true, path: { text: 'src/cache.js › cache' }, bytes: 2 * 10_010 },
    ]);
  });

  it('names the instance instead of its private field', async () => {
    const { drawn, cache } = packageInstance(['#map']);
    const heap = await drawn.read();
    expect(merged(heap, accumulationsOf(heap))).toMatchObject([{ retainer: cache, isWhole: true }]);
  });

  it('leaves one accumulation in a public field as it is', async () => {
    const { drawn, cache } = packageInstance(['values']);
    const heap = await drawn.read();
    const [one] = merged(heap, accumulationsOf(heap));
    expect(one?.retainer).not.toBe(cache);
    expect(one?.path.text).toBe('src/cache.js › cache.values');
  });
});

describe('the suspects of one snapshot', () => {
  it('are ranked by retained size, with kind, name, path and share of the heap', async () => {
    const { heap: drawn, scope } = programOf();
    drawn
      .edge(scope, 'context', 'small', mapOf(drawn, 100))
      .edge(scope, 'context', 'large', mapOf(drawn, 400));
    const heap = await drawn.read();
    const suspects = suspectsIn(heap);
    expect(suspects.map(({ rank, name }) => [rank, name])).toEqual([
      [1, 'src/cache.js › large (Map, 400 entries)'],
      [2, 'src/cache.js › small (Map, 100 entries)'],
    ]);
    const [large] = suspects;
    expect(large).toMatchObject({
      kind: 'container',
      owner: 'src/cache.js',
      path: ['src/cache.js', 'large (Map)'],
      growthShare: null,
      sampleKeys: expect.arrayContaining(['key-0']) as string[],
    });
    expect(large!.heapShare).toBeCloseTo(large!.retainedBytes! / heap.totalBytes, 10);
  });

  it('are named by the place of the callback if a list of Node retains functions of the program', async () => {
    const { heap: drawn, scope } = programOf('node:internal/timers');
    const own = drawn.object('system / Context', 0);
    const list = drawn.object('TimersList', 10);
    drawn.edge(scope, 'context', 'lists', list);
    for (let at = 0; at < 200; at++) {
      const timer = drawn.object('Timeout', 100);
      drawn.edge(list, 'element', at, timer);
      drawn.property(timer, '_onTimeout', closureOf(drawn, FILE, own, 'poll', 10));
    }
    const [timers] = suspectsIn(await drawn.read());
    expect(timers).toMatchObject({
      kind: 'timers',
      owner: 'src/cache.js',
      name: 'src/cache.js:10 (200 timers)',
      path: ['src/cache.js', 'poll'],
    });
  });
});

/** A program with a table that never changes, and a cache of so many entries. */
async function tableAndCache(entries: number): Promise<Heap> {
  const { heap: drawn, scope } = programOf();
  const table = mapOf(drawn, 50, 50_000);
  const cache = mapOf(drawn, entries, 50_000);
  drawn.edge(scope, 'context', 'table', table).edge(scope, 'context', 'cache', cache);
  return drawn.read();
}

const at = (...entries: number[]) => entries.map((count) => ({ entries: count, retainedBytes: 1e6 }));

describe('the suspects of two snapshots', () => {
  it('are what gained, without what is as large and did not grow', async () => {
    const { suspects } = suspectsById(await tableAndCache(100), [baselineOf(await tableAndCache(20))]);
    expect(suspects).toMatchObject([
      { name: 'src/cache.js › cache (Map, 100 entries)', growthShare: 1, entriesPerWork: null },
    ]);
    expect(suspects[0]!.gainedBytes).toBeGreaterThan(80 * 50_000);
  });

  it('are none if the heap grew by less than the drift of an idle process', async () => {
    const { suspects } = suspectsById(await tableAndCache(20), [baselineOf(await tableAndCache(20))]);
    expect(suspects).toEqual([]);
  });
});

/**
 * A window of four Maps with ten records each, in a Map that stays; or the same with a new Map of forty records, which
 * replaced the last of them or came beside them.
 */
async function windowOf(latest: 'as before' | 'replaced' | 'added'): Promise<Heap> {
  const { heap: drawn, scope } = programOf();
  const older = Array.from({ length: latest === 'replaced' ? 3 : 4 }, () => mapOf(drawn, 10, 50_000));
  if (latest === 'replaced') fill(drawn, scope, 50, 'Other', 0); // the ids of the Map that is gone
  const maps = latest === 'as before' ? older : [...older, mapOf(drawn, 40, 50_000)];
  const named = maps.map((map, at) => [drawn.node('string', `at-${at}`, 10, 100_001 + 2 * at), map] as const);
  const window = drawn.map(named);
  drawn.nodes[window]!.id = 200_001;
  drawn.edge(scope, 'context', 'window', window);
  return drawn.read();
}

describe('what replaced another since the first snapshot', () => {
  it('is ruled out, and is a suspect where nothing went for it', async () => {
    const before = baselineOf(await windowOf('as before'));
    expect(suspectsById(await windowOf('replaced'), [before])).toMatchObject({
      suspects: [],
      ruledOut: [{ type: 'Map', entries: 40, reason: { code: 'turns-over' } }],
    });
    expect(suspectsById(await windowOf('added'), [before])).toMatchObject({
      suspects: [{ type: 'Map', entries: 40 }],
      ruledOut: [],
    });
  });
});

it('what neither came nor went in a container says nothing of what it leads to, which others retain as well', () => {
  const turnover = { cameBytes: 400, wentBytes: 400, isReplacement: false };
  expect(isTurnedOver(turnover, 300)).toBe(true);
  expect(isTurnedOver(turnover, 5_000_000)).toBe(false);
  expect(isTurnedOver({ ...turnover, cameBytes: 0, wentBytes: 0 }, 5_000_000)).toBe(false);
});

/** A Map of objects, each with native memory, whose ids are other ones in each snapshot. */
async function nativeIn(entries: number, firstId: number): Promise<Heap> {
  const { heap: drawn, scope } = programOf();
  const kept = mapOf(drawn, entries);
  drawn.edge(scope, 'context', 'kept', kept);
  for (const [at, owner] of [...drawn.nodes.entries()].filter(([, { name }]) => name === 'Record').entries())
    drawn.edge(
      owner[0],
      'internal',
      'native',
      drawn.node('native', 'node::Histogram', 50_000, firstId + 2 * at),
    );
  return drawn.read();
}

it('native memory, whose ids are new in each snapshot, is not taken for what replaced another', async () => {
  const before = baselineOf(await nativeIn(50, 100_001));
  expect(suspectsById(await nativeIn(80, 200_001), [before])).toMatchObject({
    suspects: [{ type: 'Map', entries: 80 }],
    ruledOut: [],
  });
});

/** A Map in the variable `notes`, beside a number in another one. */
async function signBeside(variable: string) {
  const { heap: drawn, scope } = programOf();
  drawn.edge(scope, 'context', 'notes', mapOf(drawn, 200));
  const info = drawn.node('code', 'system / ScopeInfo', 0);
  drawn.edge(scope, 'internal', 'scope_info', info);
  drawn.edge(info, 'hidden', 0, drawn.node('string', variable, 0));
  const heap = await drawn.read();
  return boundSignOf(heap, accumulationsOf(heap)[0]!);
}

describe('a sign of a bound', () => {
  it.each([
    ['MAX_NOTES', 'maximum'],
    ['maxEntries', 'maximum'],
    ['TTL_MS', 'expiry'],
    ['noteTtl', 'expiry'],
  ])('is a variable beside the container: %s', async (field, kind) => {
    expect(await signBeside(field)).toEqual({ kind, field });
  });

  it.each(['resourceBufferSizeLimit', 'MAX_RETRIES', 'maxNoteId', 'throttled', 'deadline'])(
    'is none that is about something else: %s',
    async (field) => {
      expect(await signBeside(field)).toBeNull();
    },
  );
});

it.each(['string', 'concatenated string', 'sliced string'] as const)(
  'the class of a %s is not its content, which is data of the program',
  async (type) => {
    const { heap, root } = programOf();
    const text = heap.node(type, 'GET /orders?token=secret', 100);
    heap.property(root, 'log', text);
    expect(classOf(await heap.read(), text)).toBe('string');
  },
);

describe('the suspects of two snapshots', () => {
  const HEAPS = [20e6, 30e6];
  const namesOf = (...suspects: Parameters<typeof aSuspect>[0][]) =>
    rankGrown({ suspects: suspects.map((one) => aSuspect(one)), ruledOut: [] }, HEAPS).suspects.map(
      ({ owner }) => owner,
    );
  const expiring = {
    owner: 'expiring',
    path: ['a'],
    gainedBytes: 8e6,
    boundSign: { kind: 'expiry' as const, field: 'expiresAt' },
    inSnapshots: at(4_000, 8_000),
  };
  const growing = { owner: 'growing', path: ['b'], gainedBytes: 1e6, inSnapshots: at(100, 900) };
  const once = { owner: 'once', path: ['c'], gainedBytes: 1e6, inSnapshots: at(0, 1) };

  it('have what grows before what may fill, however little it is', () => {
    expect(namesOf({ ...expiring }, growing)).toEqual(['growing', 'expiring']);
  });

  it('have one object that was not there before after what may fill, where that gained more', () => {
    expect(namesOf(once, { ...expiring }, growing)).toEqual(['growing', 'expiring', 'once']);
    expect(namesOf({ ...once, gainedBytes: 9e6 }, { ...expiring })).toEqual(['once', 'expiring']);
    expect(namesOf(once, growing)).toEqual(['once', 'growing']);
  });
});
