import { describe, expect, it } from 'vitest';
import type { Gain, RouteStep } from '../src/kit/diagnosis/probe/inside/container-growth.js';
import { type Atlas, nameOf } from '../src/kit/diagnosis/naming/owner-name.js';
import { acquit, alibiOf, type Counts } from '../src/kit/diagnosis/verify/recount.js';
import { makerOf } from '../src/kit/diagnosis/walk/allocation-suspect.js';
import { collectionPrice, refusal } from '../src/kit/diagnosis/cost-limit.js';
import { SourceMaps } from '../src/kit/diagnosis/naming/source-maps.js';
import { accuse, type Growth } from '../src/kit/diagnosis/walk/suspects.js';
import { weighUnseen } from '../src/kit/diagnosis/walk/allocation-share.js';

const files = { own: '/app/src/users.js', limiter: '/app/node_modules/limiter/index.js' };
const atlas: Atlas = {
  scripts: new Map(Object.entries(files).map(([id, url]) => [id, { id, url, sourceMapUrl: '' }])),
  maps: new SourceMaps(),
  sources: new Map(),
  folder: '/app',
};

type Kind = RouteStep['edge']['kind'];
const step = (kind: Kind, name: string, className: string, script?: string, scope = ''): RouteStep => ({
  edge: { kind, name, ...(script === undefined ? {} : { script, scope, line: 1, column: 1 }) },
  className,
});
const server = [step('root', 'Server', 'Server'), step('property', '_events', 'Object')];

describe('a person of the program calls it', () => {
  it.each<[string, string, RouteStep[]]>([
    [
      'by module and provider of Nest, however deep the modules are',
      'UsersModule › UserCache.users',
      [
        step('nest', 'AppModule', 'Module'),
        step('nest', 'UsersModule', 'Module'),
        step('nest', 'UserCache', 'UserCache'),
        step('property', 'users', 'Map'),
      ],
    ],
    [
      'by file and variable, whatever led to the file',
      'src/users.js › cache',
      [...server, step('variable', 'cache', 'Map', 'own')],
    ],
    [
      'by file, function and variable, where it is one of a closure',
      'src/users.js › makeStore() › kept',
      [...server, step('variable', 'kept', 'Array', 'own', 'makeStore')],
    ],
    [
      'by the class that it is in, and the property',
      'src/users.js › sessions › Sessions.#open',
      [step('variable', 'sessions', 'Sessions', 'own'), step('private', '#open', 'Map')],
    ],
    [
      'by what a CommonJS file exports',
      'src/users.js › cache',
      [step('root', files.own, 'Object'), step('property', 'cache', 'Map')],
    ],
    [
      "by the program's own variable, where a package keeps it",
      'src/users.js › limit › options.hits',
      [
        ...server,
        step('variable', 'limit', 'Function', 'own'),
        step('variable', 'options', 'Object', 'limiter', 'create'),
        step('property', 'hits', 'Map'),
      ],
    ],
    [
      'by the file of a package, where nothing else is known by name',
      'node_modules/limiter/index.js › instances',
      [...server, step('variable', 'instances', 'Array', 'limiter')],
    ],
    ['by what is global', 'globalThis.tasks', [step('root', 'globalThis.tasks', 'Map')]],
  ])('%s', (_, text, route) => {
    expect(nameOf(route, atlas).text).toBe(text);
  });

  it('begins the path where names begin, and keeps the way of the walk beside it', () => {
    const { path, rawPath } = nameOf([...server, step('variable', 'cache', 'Map', 'own')], atlas);
    expect(path).toEqual(['src/users.js', 'cache (Map)']);
    expect(rawPath).toEqual(['Server (Server)', '._events (Object)', 'variable cache in src/users.js (Map)']);
  });
});

const gain = (other: Partial<Gain>): Gain => ({
  index: 0,
  kind: 'Map',
  className: 'Map',
  entries: 10_000,
  entryClass: 'Object',
  keys: [],
  route: [step('variable', 'cache', 'Map', 'own')],
  nearby: { numbers: [], sweepsMs: [], expiries: [], scripts: [] },
  calls: null,
  containers: 1,
  born: 0,
  total: 10_000,
  gained: 1_000,
  bytesPerEntry: 100,
  ...other,
});
const growth: Growth = {
  bytesPerWork: 100,
  work: 1_000,
  workInAll: 10_000,
  heapLimitBytes: 4e9,
  watchedMs: 60_000,
};

describe('who gained', () => {
  it('is blamed where it holds all that it took', () => {
    const { suspects, filling } = accuse([gain({})], 0, growth, atlas);
    expect(suspects).toMatchObject([{ owner: 'src/users.js', share: 1, entriesPerRequest: 1 }]);
    expect(filling).toEqual([]);
  });

  it('is not blamed where it holds a small part: somebody emptied it', () => {
    const { suspects, filling } = accuse([gain({ entries: 1_500, total: 1_500 })], 0, growth, atlas);
    expect(suspects).toEqual([]);
    expect(filling).toHaveLength(1);
  });

  it('is not blamed for what expired since the last sweep, and is for what a sweep left', () => {
    const now = 1_700_000_000_000;
    const swept = (expiredMs: number) =>
      gain({
        nearby: {
          numbers: [],
          sweepsMs: [5_000],
          expiries: [{ name: 'expiresAt', value: now - expiredMs }],
          scripts: [],
        },
      });
    expect(accuse([swept(4_000)], now, growth, atlas)).toMatchObject({ suspects: [], filling: [{}] });
    expect(accuse([swept(6_000)], now, growth, atlas)).toMatchObject({ suspects: [{}], filling: [] });
  });

  it.each([
    ['cache.size >= 50_000', 'if (cache.size >= 50_000) cache.delete(cache.keys().next().value);'],
    [
      'cache.size > MOST',
      'const MOST = 50 * 1000;\nwhile (cache.size > MOST) drop(); function drop() { cache.delete(first()); }',
    ],
    [
      'this.cache.size > this.keep',
      'if (this.cache.size > this.keep) { this.cache.clear(); }',
      { keep: 50_000 },
    ],
    ['cache.size>=5e4', 'if(cache.size>=5e4)return null;'],
    ['cache.size < 50000', 'if (cache.size < 50000) cache.set(id, user);'],
    ['50000 <= cache.size', 'if (50000 <= cache.size) throw new Error("full");'],
  ])(
    'is not blamed below a bound that its code has: %s',
    (said, code, numbers: Record<string, number> = {}) => {
      const nearby = {
        numbers: Object.entries(numbers).map(([name, value]) => ({ name, value })),
        sweepsMs: [],
        expiries: [],
        scripts: ['own'],
      };
      const bounded = (entries: number) =>
        accuse([gain({ nearby, entries, total: entries })], 0, growth, {
          ...atlas,
          sources: new Map([['own', code]]),
        });
      const { suspects, filling } = bounded(10_000);
      expect(suspects).toEqual([]);
      expect(filling).toMatchObject([{ bound: { limit: 50_000, filled: 0.2 } }]);
      expect(said).toContain(filling[0]!.bound!.declaredBy.replace(/^this\./, ''));
      // A bound that is passed holds nothing.
      expect(bounded(60_000)).toMatchObject({ suspects: [{}], filling: [] });
    },
  );

  it.each([
    'for (let at = 0; at < cache.size; at += 1) cache.delete(at);',
    'if (cache.size > 50_000) console.warn("large");',
    'const MOST = 50_000; if (other.cache_size > MOST) cache.delete(first);',
    'if (cache.size > most()) cache.delete(first);',
  ])('is blamed whatever else is compared: %s', (code) => {
    const nearby = { numbers: [], sweepsMs: [], expiries: [], scripts: ['own'] };
    const sources = new Map([['own', code]]);
    expect(accuse([gain({ nearby })], 0, growth, { ...atlas, sources })).toMatchObject({ suspects: [{}] });
  });

  it('takes a text for bounded that is cut at a length, and no list that is only sliced', () => {
    const nearby = { numbers: [], sweepsMs: [], expiries: [], scripts: ['own'] };
    const sources = new Map([['own', 'if (cache.length > 50_000) last = cache.slice(-100);']]);
    const blamed = (kind: Gain['kind']) =>
      accuse([gain({ kind, nearby })], 0, growth, { ...atlas, sources }).suspects.length;
    expect(blamed('String')).toBe(0);
    expect(blamed('Array')).toBe(1);
  });

  it('finds no bound of listeners in what stands beside them', () => {
    const listeners = gain({
      kind: 'Array',
      entryClass: 'Function',
      route: [...server, step('property', 'upgrade', 'Array')],
      nearby: {
        numbers: [{ name: 'highWaterMark', value: 16_384 }],
        sweepsMs: [],
        expiries: [],
        scripts: [],
      },
    });
    expect(accuse([listeners], 0, growth, atlas)).toMatchObject({
      suspects: [{ kind: 'listeners', name: 'Server (10,000 upgrade listeners)', bound: null }],
      filling: [],
    });
  });

  it('is who holds more entries, and not the containers that came with these', () => {
    const inside = { containers: 3_000, born: 1_200, gained: 2_000 };
    const brought = gain({ ...inside, route: [step('variable', 'request', 'Array', 'own', 'handle')] });
    expect(accuse([brought, gain({})], 0, growth, atlas).suspects).toMatchObject([{ owner: 'src/users.js' }]);
    // Where nobody holds as many, they are all there is to go by.
    expect(accuse([brought, gain({ gained: 300 })], 0, growth, atlas).suspects).toHaveLength(2);
    // Those that were there before, each with more in it, are nobody else's.
    const old = { ...brought, born: 0 };
    expect(accuse([old, gain({})], 0, growth, atlas).suspects).toHaveLength(2);
  });

  it('is not what a sample makes more of than there is', () => {
    const shared = gain({ containers: 2_000, gained: 2_000_000 });
    expect(accuse([shared, gain({})], 0, growth, atlas).suspects).toMatchObject([{ share: 1 }]);
  });

  it('is what the event loop holds open, where that is what there is more of', () => {
    const open = gain({
      kind: 'Array',
      entryClass: 'MessagePort',
      route: [step('root', 'open handles of MessagePort', 'Array')],
    });
    expect(accuse([open], 0, growth, atlas).suspects).toMatchObject([
      { kind: 'objects', type: 'MessagePort', name: 'open handles of MessagePort (10,000)' },
    ]);
  });

  it('is blamed for little where nobody holds more, if it took an entry at each request or two', () => {
    const light = { bytesPerEntry: 1 };
    expect(accuse([gain(light)], 0, growth, atlas).suspects).toMatchObject([{ share: 0.01 }]);
    expect(accuse([gain({ ...light, gained: 400 })], 0, growth, atlas).suspects).toEqual([]);
    const heavy = gain({ bytesPerEntry: 50, route: [step('variable', 'list', 'Array', 'own')] });
    expect(accuse([heavy, gain(light)], 0, growth, atlas).suspects).toMatchObject([{ share: 0.5 }]);
  });
});

const allocation = (bytes: number) => ({ function: 'open', script: 'own', line: 8, column: 3, bytes });

describe('who makes what stays', () => {
  const place = { function: 'open', file: '/app/src/users.js', line: 8, column: 3 };

  it('is named by its function and line, with what it makes of the growth', () => {
    expect(makerOf([allocation(40_000)], [place], growth, atlas)).toMatchObject({
      kind: 'objects',
      name: 'what open at src/users.js:8 makes',
      owner: 'src/users.js',
      share: 0.4,
      bytesPerRequest: 40,
      allocatedAt: [place],
    });
  });

  it('is nobody where it makes little of it', () => {
    expect(makerOf([allocation(4_000)], [place], growth, atlas)).toBeUndefined();
    expect(makerOf([], [], growth, atlas)).toBeUndefined();
  });
});

const counts = (entries: number[], numbers: Record<string, number>[] = [], collected = true): Counts => ({
  collected,
  work: entries.slice(1).map(() => 1_000),
  counts: entries.map((one, at) => ({
    entries: one,
    numbers: Object.entries(numbers[at] ?? {}).map(([name, value]) => ({ name, value })),
  })),
});
const size = (value: number) => [{ lruSize: value }, { lruSize: value }, { lruSize: value }];

const alibi = (...of: Parameters<typeof counts>) => alibiOf(counts(...of), 'request');

describe('who is watched for longer', () => {
  it('has an alibi where a number goes down as it goes up: the room that is left', () => {
    const room = [{ '#room': 900 }, { '#room': 400 }, { '#room': 100 }];
    expect(alibi([100, 600, 900], room)).toMatchObject({ bound: { declaredBy: '#room', limit: 1_000 } });
    expect(alibi([100, 600, 1_100], [{ left: 900 }, { left: 800 }, { left: 700 }])).toBeNull();
  });

  it('has one where a number that is called so stays, and is not passed', () => {
    expect(alibi([100, 600, 1_100], size(5_000))).toMatchObject({ bound: { limit: 5_000, filled: 0.22 } });
    expect(alibi([100, 600, 1_100], size(1_000))).toBeNull();
    expect(alibi([100, 600, 1_100], [{ size: 100 }, { size: 600 }, { size: 1_100 }])).toBeNull(); // a counter
    expect(alibi([100, 600, 1_100], [{ port: 8_000 }, { port: 8_000 }, { port: 8_000 }])).toBeNull();
  });

  it('has one where it takes clearly fewer, or was emptied', () => {
    expect(alibi([1_000, 1_700, 2_250])?.reason).toMatch(/fewer new entries .*0\.700 a request, then 0\.550/);
    expect(alibi([1_000, 2_000, 2_400])?.reason).toContain('fewer');
    expect(alibi([1_000, 1_700, 900])?.reason).toBe('was emptied');
    // Chance alone, or one at each request.
    expect(alibi([1_000, 1_700, 2_380])).toBeNull();
    expect(alibi([1_000, 2_000, 2_990])).toBeNull();
    // Traffic that is there anyway comes and goes.
    expect(alibiOf(counts([1_000, 1_700, 2_250]), 'second')).toBeNull();
  });

  it('has none by fewer entries where nothing was collected: what hooks of the collector take out comes in lumps', () => {
    expect(alibi([1_000, 1_700, 900], [], false)).toBeNull();
    expect(alibi([1_000, 2_000, 2_400], [], false)).toBeNull();
    expect(alibi([1_000, 1_700, 400], [], false)?.reason).toBe('was emptied');
    expect(alibi([100, 600, 1_100], size(5_000), false)).toMatchObject({ bound: { limit: 5_000 } });
  });

  it('takes along what hangs beside it entry by entry', () => {
    const holder = step('variable', 'recent', 'Recent', 'own');
    const index = gain({ route: [holder, step('private', '#index', 'Map')] });
    const list = gain({
      kind: 'List',
      route: [holder, step('private', '#head', 'Object'), step('property', 'older', 'Object')],
    });
    const other = gain({ route: [step('variable', 'log', 'Map', 'own')] });
    const accused = accuse([index, list, other], 0, growth, atlas);
    const bound = { declaredBy: '#room', limit: 20_000, filled: 0.5 };
    acquit(accused, new Map([[accused.suspects[0]!, { bound, reason: 'fills' }]]));
    expect(accused.suspects).toMatchObject([{ rank: 1, owner: 'src/users.js' }]);
    expect(accused.filling).toMatchObject([{ bound }, { bound }]);
  });
});

describe('what cannot be weighed entry by entry', () => {
  const calls = { name: 'heard', script: 'own', line: 8, column: 3, usesOuterThis: true };
  const weigh = (listeners: Partial<Gain>, bytes: number) => {
    const accused = accuse(
      [gain({ kind: 'Array', bytesPerEntry: 20, calls, ...listeners })],
      0,
      growth,
      atlas,
    );
    return weighUnseen(accused, [allocation(bytes)], growth)?.suspect ?? null;
  };

  it('is weighed, of functions that hold a this, by what their file makes of what stays', () => {
    expect(weigh({}, 90_000)).toMatchObject({ share: 0.9, bytesPerRequest: 90, retainedBytes: 900_000 });
  });

  it('is not where it makes little, where they are few, or where their this is their own', () => {
    expect(weigh({}, 40_000)).toBeNull();
    expect(weigh({ gained: 400 }, 90_000)).toBeNull();
    expect(weigh({ calls: { ...calls, usesOuterThis: false } }, 90_000)).toBeNull();
    expect(weigh({ calls: { ...calls, script: 'limiter' } }, 90_000)).toBeNull();
  });

  it('is weighed, of a text that is appended to, by what its file makes: V8 keeps all its pieces', () => {
    const text: Partial<Gain> = { kind: 'String', className: 'string', bytesPerEntry: 1, calls: null };
    expect(weigh({ ...text, gained: 20_000 }, 90_000)).toMatchObject({ share: 0.9, entries: null });
    expect(weigh({ ...text, gained: 95_000 }, 90_000)).toBeNull();
    const beside = accuse([gain({ bytesPerEntry: 60 }), gain({ ...text, gained: 9_000 })], 0, growth, atlas);
    expect(weighUnseen(beside, [allocation(90_000)], growth)).toBeNull();
  });

  it('says what it is of', () => {
    const text = gain({ kind: 'String', className: 'string', bytesPerEntry: 1, entries: 70_000 });
    const [suspect] = accuse([text], 0, growth, atlas).suspects;
    expect(suspect).toMatchObject({ kind: 'container', lesson: expect.stringContaining('appended to') });
    expect(suspect!.name).toContain('(string, 70,000 characters)');
  });
});

describe('a price', () => {
  const budget = { maxPauseMs: undefined, force: false };

  it('is not paid where the pause would be longer than is allowed, and the sentence has both', () => {
    const price = collectionPrice(100e6);
    expect(refusal('A collection', price, Infinity, budget)).toBeNull();
    expect(refusal('A collection', price, Infinity, { ...budget, maxPauseMs: 50 })).toBe(
      `A collection would stop the process for about ${price.pauseMs} ms; --max-pause-ms allows 50 ms: not done.`,
    );
    expect(refusal('A collection', price, Infinity, { maxPauseMs: 50, force: true })).toBeNull();
  });

  it('is not paid where memory is short', () => {
    const price = { pauseMs: 1, bytes: 2e9 };
    expect(refusal('A snapshot', price, 1e9, budget)).toMatch(/take about 2,000 MB; 1,000 MB are free/);
    expect(refusal('A snapshot', price, 3e9, budget)).toBeNull();
  });
});
