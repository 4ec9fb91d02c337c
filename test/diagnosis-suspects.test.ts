import { describe, expect, it } from 'vitest';
import { suspectsOf } from '../src/kit/diagnosis/model/context.js';
import type { GrownContainer } from '../src/kit/diagnosis/probe/index.js';
import { weighByAllocations } from '../src/kit/diagnosis/walk/allocation-share.js';
import { allocationSuspect } from '../src/kit/diagnosis/walk/allocation-suspect.js';
import { rank as rankContainers } from '../src/kit/diagnosis/walk/suspects.js';
import { allocation, between, grown, server, source, step } from './support/walked.js';

/** Suspects and what is ruled out, without the containers they were made from. */
const rank = (...args: Parameters<typeof rankContainers>) => suspectsOf(rankContainers(...args));

const withLimit = (code: string) => {
  const nearby = {
    numbers: [{ name: 'limit', value: 20_000 }],
    cleanupsMs: [],
    expiries: [],
    scripts: ['own'],
  };
  return rank([grown({ nearby })], 0, between, { ...source, sources: new Map([['own', code]]) });
};

const twoOf = (born: number) => grown({ containers: 2, entries: 750, total: 1_500, born });

const pages = (entries: number, gained: number) =>
  rank([grown({ entries, total: entries, gained, bytesPerEntry: 1e6 / gained })], 0, between, source);

describe('a container that grew between two walks', () => {
  it('is a suspect where it still has all entries that it took', () => {
    const { suspects, ruledOut } = rank([grown({})], 0, between, source);
    expect(suspects).toMatchObject([{ owner: 'src/users.js', growthShare: 1, entriesPerWork: 1 }]);
    expect(ruledOut).toEqual([]);
  });

  it('is ruled out where it has a small part of them, because something emptied it', () => {
    const { suspects, ruledOut } = rank([grown({ entries: 1_500, total: 1_500 })], 0, between, source);
    expect(suspects).toEqual([]);
    expect(ruledOut).toHaveLength(1);
  });

  it('was not emptied where the latest of a few heavy entries came by chance between the walks', () => {
    expect(pages(6, 1)).toMatchObject({ suspects: [{}], ruledOut: [] });
    expect(pages(6, 2)).toMatchObject({ suspects: [{}], ruledOut: [] });
    expect(pages(6, 4)).toMatchObject({ suspects: [], ruledOut: [{}] });
  });

  it('was not emptied where it is a buffer that was replaced by one of twice the size', () => {
    const doubled = grown({ kind: 'Buffer', entries: 2e6, total: 2e6, gained: 1e6, bytesPerEntry: 1 });
    expect(rank([doubled], 0, between, source)).toMatchObject({ suspects: [{}], ruledOut: [] });
    // Of a batch, only a longer watch shows whether it stays.
    const batch = grown({ entries: 9_000, total: 9_000, gained: 4_000 });
    expect(rank([batch], 0, between, source)).toMatchObject({ suspects: [], ruledOut: [{}] });
    const longer = { ...between, isOverPeriods: true };
    expect(rank([batch], 0, longer, source)).toMatchObject({ suspects: [{}], ruledOut: [] });
    const latest = grown({ entries: 1_000, total: 1_000, gained: 400 });
    expect(rank([latest], 0, longer, source)).toMatchObject({ suspects: [], ruledOut: [{}] });
  });

  it('is ruled out where several of its place have a small part of them together, and none of these is new', () => {
    expect(rank([twoOf(0)], 0, between, source)).toMatchObject({ suspects: [], ruledOut: [{}] });
    expect(rank([twoOf(2)], 0, between, source)).toMatchObject({ suspects: [{}], ruledOut: [] });
  });

  it('is ruled out where several of its place were replaced, unless each request leaves an entry all the same', () => {
    const buckets = { containers: 10, total: 14_000, replaced: 2, gone: 300 };
    const ranked = (gained: number, replaced = 2) =>
      rank([grown({ ...buckets, replaced, gained })], 0, between, source);
    expect(ranked(0.6 * between.work)).toMatchObject({
      suspects: [],
      ruledOut: [{ reason: { code: 'replaced', containers: 2 } }],
    });
    expect(ranked(between.work)).toMatchObject({ suspects: [{}], ruledOut: [] });
    expect(ranked(0.6 * between.work, 0)).toMatchObject({ suspects: [{}], ruledOut: [] });
    // In its first turn, a window replaces what is empty.
    const empty = grown({ ...buckets, gone: 0, gained: between.work });
    expect(rank([empty], 0, between, source)).toMatchObject({ suspects: [], ruledOut: [{}] });
    // They come with what they are in.
    const more = grown({ ...buckets, born: 3, gained: 0.6 * between.work });
    expect(rank([more], 0, between, source)).toMatchObject({ suspects: [{}], ruledOut: [] });
  });

  it('is ruled out while its entries expired after the last cleanup, and is a suspect when a cleanup left them', () => {
    const now = 1_700_000_000_000;
    const swept = (expiredMs: number) =>
      grown({
        nearby: {
          numbers: [],
          cleanupsMs: [5_000],
          expiries: [{ name: 'expiresAt', value: now - expiredMs }],
          scripts: [],
        },
      });
    expect(rank([swept(4_000)], now, between, source)).toMatchObject({ suspects: [], ruledOut: [{}] });
    expect(rank([swept(6_000)], now, between, source)).toMatchObject({ suspects: [{}], ruledOut: [] });
  });

  it('is ruled out by a time in the future only where a timer ends its entries, or code compares that time', () => {
    const now = 1_700_000_000_000;
    const due = (code: string, isTimer = false) => {
      const expiries = [{ name: 'deadline', value: now + 60_000, isTimer }];
      const nearby = { numbers: [], cleanupsMs: [], expiries, scripts: ['own'] };
      return rank([grown({ nearby })], now, between, { ...source, sources: new Map([['own', code]]) });
    };
    expect(due('orders.set(id, { deadline: later() });')).toMatchObject({ suspects: [{}], ruledOut: [] });
    expect(due('if (order.deadline < now) warn(order);')).toMatchObject({ suspects: [{}], ruledOut: [] });
    expect(due('if (order.deadline < now) orders.delete(id);')).toMatchObject({
      suspects: [],
      ruledOut: [{}],
    });
    expect(due('rows = rows.filter(({ deadline }) => deadline > now);')).toMatchObject({ suspects: [] });
    expect(due('orders.set(id, order);', true)).toMatchObject({ suspects: [], ruledOut: [{}] });
    // Code that could not be read may compare it.
    expect(due('')).toMatchObject({ suspects: [], ruledOut: [{}] });
  });

  it('has no bound in a number that the code raises', () => {
    expect(withLimit('table.limit *= 2;')).toMatchObject({ suspects: [{ bound: null }], ruledOut: [] });
    expect(withLimit('rows.set(++this.limit, row);')).toMatchObject({
      suspects: [{ bound: null }],
      ruledOut: [],
    });
    expect(withLimit('const spare = limit + 1;')).toMatchObject({ suspects: [], ruledOut: [{}] });
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
    'is ruled out below a bound that its code has, %s, and is a suspect above it',
    (said, code, numbers: Record<string, number> = {}) => {
      const nearby = {
        numbers: Object.entries(numbers).map(([name, value]) => ({ name, value })),
        cleanupsMs: [],
        expiries: [],
        scripts: ['own'],
      };
      const bounded = (entries: number) =>
        rank([grown({ nearby, entries, total: entries })], 0, between, {
          ...source,
          sources: new Map([['own', code]]),
        });
      const { suspects, ruledOut } = bounded(10_000);
      expect(suspects).toEqual([]);
      expect(ruledOut).toMatchObject([{ bound: { limit: 50_000, filled: 0.2 } }]);
      expect(said).toContain(ruledOut[0]!.bound!.declaredBy.replace(/^this\./, ''));
      // A bound that is passed holds nothing.
      expect(bounded(60_000)).toMatchObject({ suspects: [{}], ruledOut: [] });
    },
  );

  it.each([
    'for (let at = 0; at < cache.size; at += 1) cache.delete(at);',
    'if (cache.size > 50_000) console.warn("large");',
    'const MOST = 50_000; if (other.cache_size > MOST) cache.delete(first);',
    'if (cache.size > most()) cache.delete(first);',
  ])('stays a suspect where the code compares something else: %s', (code) => {
    const nearby = { numbers: [], cleanupsMs: [], expiries: [], scripts: ['own'] };
    const sources = new Map([['own', code]]);
    expect(rank([grown({ nearby })], 0, between, { ...source, sources })).toMatchObject({ suspects: [{}] });
  });

  it('is ruled out as the memory of a typed array whose elements the code compares with a bound', () => {
    const nearby = { numbers: [], cleanupsMs: [], expiries: [], scripts: ['own'] };
    const code = 'if (ring.length < 4096) ring = new Float64Array(2 * ring.length); else end = 0;';
    const memory = (bytes: number) =>
      grown({
        kind: 'Buffer',
        className: 'ArrayBuffer',
        route: [step('variable', 'ring', 'Float64Array', 'own'), step('property', 'buffer', 'ArrayBuffer')],
        nearby,
        entries: bytes,
        total: bytes,
        gained: bytes / 10,
        bytesPerEntry: 1,
      });
    const ranked = (bytes: number) =>
      rank([memory(bytes)], 0, between, { ...source, sources: new Map([['own', code]]) });
    expect(ranked(8 * 4096)).toMatchObject({
      suspects: [],
      ruledOut: [{ bound: { declaredBy: 'ring.length < 4096', filled: 1 } }],
    });
    expect(ranked(8 * 8192)).toMatchObject({ suspects: [{ bound: null }], ruledOut: [] });
  });

  it('is ruled out as a string that the code cuts at a length, but not as a list that the code only slices', () => {
    const nearby = { numbers: [], cleanupsMs: [], expiries: [], scripts: ['own'] };
    const sources = new Map([['own', 'if (cache.length > 50_000) last = cache.slice(-100);']]);
    const blamed = (kind: GrownContainer['kind']) =>
      rank([grown({ kind, nearby })], 0, between, { ...source, sources }).suspects.length;
    expect(blamed('String')).toBe(0);
    expect(blamed('Array')).toBe(1);
  });

  it('of listeners has no bound in the numbers beside their emitter', () => {
    const listeners = grown({
      kind: 'Array',
      entryClass: 'Function',
      route: [...server, step('property', 'upgrade', 'Array')],
      nearby: {
        numbers: [{ name: 'highWaterMark', value: 16_384 }],
        cleanupsMs: [],
        expiries: [],
        scripts: [],
      },
    });
    expect(rank([listeners], 0, between, source)).toMatchObject({
      suspects: [{ kind: 'listeners', name: 'Server (10,000 upgrade listeners)', bound: null }],
      ruledOut: [],
    });
  });

  it('is a suspect before the containers that were created with its entries', () => {
    const inside = { containers: 3_000, born: 1_200, gained: 2_000 };
    const brought = grown({ ...inside, route: [step('variable', 'request', 'Array', 'own', 'handle')] });
    expect(rank([brought, grown({})], 0, between, source).suspects).toMatchObject([
      { owner: 'src/users.js' },
    ]);
    // Where nobody holds as many, they are all there is to go by.
    expect(rank([brought, grown({ gained: 300 })], 0, between, source).suspects).toHaveLength(2);
    // Those that were there before, each with more in it, are nobody else's.
    const old = { ...brought, born: 0 };
    expect(rank([old, grown({})], 0, between, source).suspects).toHaveLength(2);
  });

  it('is a suspect instead of what its entries bring with them, however much that weighs', () => {
    const queue = grown({
      kind: 'Array',
      route: [step('variable', 'queue', 'Array', 'own')],
      bytesPerEntry: 40,
    });
    const timers = (gained: number) =>
      grown({
        kind: 'List',
        route: [...queue.route, step('entry', '', 'Object')],
        bytesPerEntry: 60,
        gained,
        entries: 40_000,
      });
    const firstOf = (inner: GrownContainer) => rank([inner, queue], 0, between, source).suspects[0]!.name;
    expect(firstOf(timers(1_000))).toContain('queue (Map');
    expect(firstOf(timers(3_000))).not.toContain('queue (Map'); // few entries of the queue take many more each
  });

  it('is no suspect where its sampled growth exceeds three times the measured growth', () => {
    const shared = grown({ containers: 2_000, gained: 2_000_000 });
    expect(rank([shared, grown({})], 0, between, source).suspects).toMatchObject([{ growthShare: 1 }]);
  });

  it('of open handles is named by their class', () => {
    const open = grown({
      kind: 'Array',
      entryClass: 'MessagePort',
      route: [step('root', 'open handles of MessagePort', 'Array')],
    });
    expect(rank([open], 0, between, source).suspects).toMatchObject([
      { kind: 'objects', type: 'MessagePort', name: 'open handles of MessagePort (10,000)' },
    ]);
  });

  it('with little weight is a suspect where no other container is heavy and every second request adds an entry', () => {
    const light = { bytesPerEntry: 1 };
    expect(rank([grown(light)], 0, between, source).suspects).toMatchObject([{ growthShare: 0.01 }]);
    expect(rank([grown({ ...light, gained: 400 })], 0, between, source).suspects).toEqual([]);
    const heavy = grown({ bytesPerEntry: 50, route: [step('variable', 'list', 'Array', 'own')] });
    expect(rank([heavy, grown(light)], 0, between, source).suspects).toMatchObject([{ growthShare: 0.5 }]);
  });
});

describe('the allocation site of the live bytes', () => {
  const place = { function: 'open', file: '/app/src/users.js', line: 8, column: 3 };

  it('is named by its function and line, with its share of the growth', () => {
    expect(allocationSuspect([allocation(40_000)], [place], between, source)).toMatchObject({
      kind: 'objects',
      name: 'allocated by open at src/users.js:8 (its retainer was not found)',
      owner: 'src/users.js',
      growthShare: 0.4,
      bytesPerWork: 40,
      allocatedAt: [place],
    });
  });

  it('is not reported below a tenth of the growth', () => {
    expect(allocationSuspect([allocation(4_000)], [place], between, source)).toBeNull();
    expect(allocationSuspect([], [], between, source)).toBeNull();
  });
});

describe('a container that the walk cannot weigh', () => {
  const calls = { name: 'heard', script: 'own', line: 8, column: 3, usesLexicalThis: true };
  /** The suspect that allocations weighed; null where they weigh none. */
  const weigh = (listeners: Partial<GrownContainer>, bytes: number) => {
    const container = grown({ kind: 'Array', bytesPerEntry: 20, calls, ...listeners });
    const weighed = weighByAllocations(
      rankContainers([container], 0, between, source),
      [allocation(bytes)],
      between,
    );
    const { suspects, ruledOut } = suspectsOf(weighed.ranking);
    return weighed.notes.length === 0 ? null : [...suspects, ...ruledOut][0];
  };

  it('because its functions retain their lexical `this` is weighed by the allocations of their script', () => {
    expect(weigh({}, 90_000)).toMatchObject({ growthShare: 0.9, bytesPerWork: 90, retainedBytes: 900_000 });
  });

  it('is not weighed by allocations that are few, of another script, or of functions without a lexical `this`', () => {
    expect(weigh({}, 40_000)).toBeNull();
    expect(weigh({ gained: 400 }, 90_000)).toBeNull();
    expect(weigh({ calls: { ...calls, usesLexicalThis: false } }, 90_000)).toBeNull();
    expect(weigh({ calls: { ...calls, script: 'limiter' } }, 90_000)).toBeNull();
  });

  it('because it is an appended string is weighed by the allocations of its script', () => {
    const text: Partial<GrownContainer> = {
      kind: 'String',
      className: 'string',
      bytesPerEntry: 1,
      calls: null,
    };
    expect(weigh({ ...text, gained: 20_000 }, 90_000)).toMatchObject({ growthShare: 0.9, entries: null });
    expect(weigh({ ...text, gained: 95_000 }, 90_000)).toBeNull();
    const beside = rankContainers(
      [grown({ bytesPerEntry: 60 }), grown({ ...text, gained: 9_000 })],
      0,
      between,
      source,
    );
    expect(weighByAllocations(beside, [allocation(90_000)], between).notes).toEqual([]);
  });

  it('because it is an appended string is named with its number of characters', () => {
    const text = grown({ kind: 'String', className: 'string', bytesPerEntry: 1, entries: 70_000 });
    const [suspect] = rank([text], 0, between, source).suspects;
    expect(suspect).toMatchObject({ kind: 'container', advice: expect.stringContaining('appended to') });
    expect(suspect!.name).toContain('(string, 70,000 characters)');
  });
});
