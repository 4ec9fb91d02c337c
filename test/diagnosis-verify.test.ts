import { describe, expect, it } from 'vitest';
import { suspectsOf } from '../src/kit/diagnosis/model/context.js';
import { goesOnBeside } from '../src/kit/diagnosis/verify/goes-on.js';
import { boundsThatStay } from '../src/kit/diagnosis/verify/moved-bounds.js';
import { moreRecounts } from '../src/kit/diagnosis/verify/more-recounts.js';
import {
  type Counts,
  type Ruling,
  rulingOn,
  wasEmptiedBefore,
  workThatTells,
} from '../src/kit/diagnosis/verify/recount.js';
import { rulingsOnPlaces } from '../src/kit/diagnosis/verify/of-several.js';
import { ruleOut } from '../src/kit/diagnosis/verify/rule-out.js';
import { isRaisedIn } from '../src/kit/diagnosis/walk/bounds-in-code.js';
import { boundNear } from '../src/kit/diagnosis/walk/bounds.js';
import { rank } from '../src/kit/diagnosis/walk/suspects.js';
import { aSuspect } from './support/diagnoses.js';
import { seeded } from './support/series.js';
import { between, grown, source, step } from './support/walked.js';

const counts = (entries: number[], numbers: Record<string, number>[] = [], collected = true): Counts => ({
  collected,
  rounds: [],
  work: entries.slice(1).map(() => 1_000),
  counts: entries.map((one, at) => ({
    entries: one,
    numbers: Object.entries(numbers[at] ?? {}).map(([name, value]) => ({ name, value })),
  })),
});
const size = (value: number) => [{ lruSize: value }, { lruSize: value }, { lruSize: value }];

const ruling = (...of: Parameters<typeof counts>) => rulingOn(counts(...of), 'request');

/** In a heap that has room for forty million entries. */
const inHeap = (...of: Parameters<typeof counts>) =>
  rulingOn({ ...counts(...of), mostEntries: 40e6 }, 'request');

const inRounds = (rounds: number[]) =>
  rulingOn(
    {
      ...counts([1_000, 6_000, 6_000]),
      rounds: rounds.map((entries) => ({ work: 500, entries })),
    },
    'request',
  );

const withMaximum = (name: string, entries = 10_000) =>
  rank(
    [
      grown({
        entries,
        nearby: { numbers: [{ name, value: 10_000 }], cleanupsMs: [], expiries: [], scripts: [] },
      }),
    ],
    0,
    between,
    source,
  );

describe('a suspect that is counted again', () => {
  it('is ruled out where a number beside it goes down as it goes up, which is the room that is left', () => {
    const room = [{ '#room': 900 }, { '#room': 400 }, { '#room': 100 }];
    expect(ruling([100, 600, 900], room)).toMatchObject({ bound: { declaredBy: '#room', limit: 1_000 } });
    expect(ruling([100, 600, 1_100], [{ left: 900 }, { left: 800 }, { left: 700 }])).toBeNull();
  });

  it('is ruled out where it takes far more entries than it gained between the walks: it was emptied in between', () => {
    const before = (entriesPerWork: number | null, entries = [600, 1_600, 2_600], rounds: number[] = []) => {
      const counted = { ...counts(entries), rounds: rounds.map((one) => ({ work: 500, entries: one })) };
      return wasEmptiedBefore(counted, entriesPerWork, 'request');
    };
    expect(before(0.27)).toMatchObject({ reason: { code: 'was-emptied' } });
    expect(before(1)).toBeNull();
    expect(before(0.6)).toBeNull();
    expect(before(null)).toBeNull();
    // A batch that came while it was counted.
    expect(before(0.1, [600, 600, 2_600])).toBeNull();
    expect(before(0.1, [600, 1_600, 2_600], [600, 1_600, 1_600, 2_600, 2_600])).toBeNull();
    expect(wasEmptiedBefore(counts([600, 1_600, 2_600]), 0.27, 'second')).toBeNull();
  });

  it('stays a suspect where the room that is left is more than the heap has: keys that count down, or a time', () => {
    const keys = [2 ** 31 - 101, 2 ** 31 - 601, 2 ** 31 - 1_101].map((next) => ({ next }));
    expect(inHeap([100, 600, 1_100], keys)).toBeNull();
    const since = { countedSince: 1_764_000_000 };
    expect(inHeap([100, 600, 1_100], [since, since, since])).toBeNull();
    expect(inHeap([100, 600, 1_100], size(5_000))).toMatchObject({ bound: { limit: 5_000 } });
  });

  it('is ruled out where a number with the name of a limit stays, and is not exceeded', () => {
    expect(ruling([100, 600, 1_100], size(5_000))).toMatchObject({ bound: { limit: 5_000, filled: 0.22 } });
    expect(ruling([100, 600, 1_100], size(1_000))).toBeNull();
    expect(ruling([100, 600, 1_100], [{ size: 100 }, { size: 600 }, { size: 1_100 }])).toBeNull(); // a counter
    expect(ruling([100, 600, 1_100], [{ port: 8_000 }, { port: 8_000 }, { port: 8_000 }])).toBeNull();
  });

  it('is ruled out where it takes clearly fewer new entries, or was emptied', () => {
    expect(ruling([1_000, 1_700, 2_250])?.reason).toEqual({ code: 'slows-down', before: 0.7, after: 0.55 });
    expect(ruling([1_000, 2_000, 2_400])?.reason.code).toBe('slows-down');
    expect(ruling([1_000, 1_700, 900])?.reason.code).toBe('was-emptied');
    // Chance alone, or one at each request.
    expect(ruling([1_000, 1_700, 2_380])).toBeNull();
    expect(ruling([1_000, 2_000, 2_990])).toBeNull();
    // Traffic that is there anyway comes and goes.
    expect(rulingOn(counts([1_000, 1_700, 2_250]), 'second')).toBeNull();
  });

  it('is not ruled out by fewer entries without forced collections, because finalizers then remove entries in lumps', () => {
    expect(ruling([1_000, 1_700, 900], [], false)).toBeNull();
    expect(ruling([1_000, 2_000, 2_400], [], false)).toBeNull();
    expect(ruling([1_000, 1_700, 400], [], false)?.reason.code).toBe('was-emptied');
    expect(ruling([100, 600, 1_100], size(5_000), false)).toMatchObject({ bound: { limit: 5_000 } });
  });

  it('is counted until what fills is told from what takes entries by chance, in at least 19 of 20 runs', () => {
    const random = seeded(4_711);
    const runs = 400;
    let filling = 0;
    let leaking = 0;
    for (let run = 0; run < runs; run += 1) {
      const keys = 5_000 + Math.floor(random() * 60_000);
      const before = keys * (0.2 + 0.5 * random());
      const work = workThatTells(counts([before - 2_000 * (1 - before / keys), before, before]), 'request');
      // One request in so many adds an entry: of those left to be drawn, or always as many.
      const after = (rate: (entries: number) => number): number[] => {
        const seen = [before, before, before];
        for (let request = 0; request < work; request += 1) {
          const half = request < work / 2 ? 1 : 2;
          seen[half] = seen[half]! + Number(random() < rate(seen[half]!));
          if (half === 1) seen[2] = seen[1]!;
        }
        return seen;
      };
      const told = (entries: number[]): boolean =>
        rulingOn({ ...counts(entries), work: [work / 2, work / 2] }, 'request') !== null;
      filling += Number(told(after((entries) => 1 - entries / keys)));
      leaking += Number(told(after(() => 1 - before / keys)));
    }
    expect(filling).toBeGreaterThan(0.95 * runs);
    expect(leaking).toBeLessThan(0.03 * runs);
  });

  it('needs no more work where each request adds an entry, none does, or traffic comes by itself', () => {
    expect(workThatTells(counts([1_000, 2_000, 3_000]), 'request')).toBe(0);
    expect(workThatTells(counts([1_000, 1_000, 1_000]), 'request')).toBe(0);
    expect(workThatTells(counts([1_000, 1_500, 2_000]), 'second')).toBe(0);
    expect(workThatTells(counts([1_000, 1_500, 2_000], [], false), 'request')).toBe(0);
  });

  it('rules out what grows with it entry by entry in the same object', () => {
    const owner = step('variable', 'recent', 'Recent', 'own');
    const index = grown({ route: [owner, step('private', '#index', 'Map')] });
    const list = grown({
      kind: 'List',
      route: [owner, step('private', '#head', 'Object'), step('property', 'older', 'Object')],
    });
    const other = grown({ route: [step('variable', 'log', 'Map', 'own')] });
    const ranking = rank([index, list, other], 0, between, source);
    const bound = { declaredBy: '#room', limit: 20_000, filled: 0.5 };
    const ruling: Ruling = { bound, reason: { code: 'approaches-limit' } };
    const verified = suspectsOf(ruleOut(ranking, new Map([[ranking.suspects[0]!.suspect, ruling]])));
    expect(verified.suspects).toMatchObject([{ owner: 'src/users.js' }]);
    expect(verified.ruledOut).toMatchObject([{ bound }, { bound }]);
  });

  it('is not ruled out by fewer entries where they come in batches', () => {
    // A timer moves what a buffer took: nothing for a while, then much at once, or the other way round.
    expect(inRounds([1_000, 1_000, 6_000, 6_000, 6_000, 6_000])).toBeNull();
    expect(inRounds([1_000, 6_000, 6_000, 6_000, 6_000, 6_000])).toBeNull();
    // A fill that ends takes less and less.
    expect(inRounds([4_800, 5_300, 5_700, 6_000, 6_000, 6_000])?.reason.code).toBe('slows-down');
  });
});

/** A cache that had 10,000 entries when it was walked. */
const cacheOf = (limit: number, filled = 10_000 / limit) => {
  const bound = { declaredBy: 'max', limit, filled };
  return {
    suspect: aSuspect({ bound }),
    grown: grown({}),
    counts: counts([10_000, 11_000]),
    bytesPerEntry: 100,
  };
};

it.each(['[Symbol(events.maxEventTargetListeners)]', 'max$', 'limits["a(b"]', 'C:\\\\max'])(
  'a number may be called %s, and code is searched for it',
  (name) => {
    const numbers = [{ name, value: 10 }];
    const container = grown({ nearby: { numbers, cleanupsMs: [], expiries: [], scripts: ['own'] } });
    const sources = new Map([['own', 'counts.max$ += 1; max = 3;']]);
    expect(() => boundNear(container, sources)).not.toThrow();
    expect(isRaisedIn([...sources.values()], name)).toBe(name === 'max$');
  },
);

it('a bound on the sum of sizes is as full as the sum, which code raises', () => {
  const numbers = [
    { name: '#maxSize', value: 64_000_000 },
    { name: '#calculatedSize', value: 16_000_000 },
  ];
  const container = grown({ nearby: { numbers, cleanupsMs: [], expiries: [], scripts: ['own'] } });
  const bound = boundNear(container, new Map([['own', 'this.#calculatedSize += size;']]));
  expect(bound).toEqual({ declaredBy: '#maxSize', limit: 64_000_000, filled: 0.25 });
});

/** Of 12,000 open files that are left. */
const files = (each: number) => ({ each, free: 12_000 });

describe('more counts', () => {
  const cheap = { ms: 1_000, bytes: 1e6 };
  const heap = { each: 1e6, free: 3_960e6 };
  it('are made until what has a bound is full', () => {
    expect(moreRecounts({ counted: [], ruledOut: [cacheOf(14_000)] }, cheap, [heap, files(300)])).toBe(4);
  });

  it.each([
    ['takes too long', cacheOf(42_000), cheap, [heap]],
    ['takes too much memory', cacheOf(14_000), { ms: 1_000, bytes: 20e6 }, [heap]],
    ['comes near the heap limit', cacheOf(14_000), cheap, [{ each: 1e6, free: 20e6 }]],
    ['takes a tenth of the open files that are left', cacheOf(14_000), cheap, [heap, files(301)]],
    ['is on bytes and not on entries', cacheOf(14_000, 0.1), cheap, [heap]],
  ])('are not made where that %s', (_, cache, each, limits) => {
    expect(moreRecounts({ counted: [], ruledOut: [cache] }, each, limits)).toBe(0);
  });

  it('are made until entries that come by chance are told from a fill', () => {
    const seats = { ...cacheOf(14_000), counts: counts([10_000, 10_500, 11_000]) };
    expect(moreRecounts({ counted: [seats], ruledOut: [] }, cheap, [heap])).toBeGreaterThan(0);
    const each = { ...seats, counts: counts([10_000, 11_000, 12_000]) };
    expect(moreRecounts({ counted: [each], ruledOut: [] }, cheap, [heap])).toBe(0);
  });

  it('are made for two periods of the timer that moves entries on, where none came of late', () => {
    const ledger = { ...cacheOf(14_000), counts: counts([10_000, 10_900, 10_900]) };
    const more = (one: typeof ledger, everyMs: number | null) =>
      moreRecounts({ counted: [one], ruledOut: [] }, cheap, [heap], everyMs);
    expect(more(ledger, 5_000)).toBe(8);
    expect(more(ledger, null)).toBe(0);
    // It still takes entries, and fewer: that is a fill.
    expect(more({ ...ledger, counts: counts([10_000, 10_900, 11_000]) }, 5_000)).toBe(0);
  });
});

const after = async (name: string, value: number) =>
  suspectsOf(
    await boundsThatStay(withMaximum(name), {
      recount: async () => ({ entries: 12_000, numbers: [{ name, value }] }),
    }),
  );

describe('a bound that is read again', () => {
  it('says how full it is now', async () => {
    const { ruledOut } = await boundsThatStay(withMaximum('max', 5_000), {
      recount: async () => ({ entries: 8_000, numbers: [{ name: 'max', value: 10_000 }] }),
    });
    expect(ruledOut[0]?.suspect).toMatchObject({ bound: { limit: 10_000, filled: 0.8 } });
  });

  it('still rules out where it stayed', async () => {
    expect(await after('max', 10_000)).toMatchObject({
      suspects: [],
      ruledOut: [{ bound: { limit: 10_000 } }],
    });
  });

  it('rules nothing out where it moved with what it bounds', async () => {
    expect(await after('max', 12_000)).toMatchObject({ suspects: [{ bound: null }], ruledOut: [] });
  });

  it.each([
    'maxId',
    'max_seq',
    'maxPrice',
    'limits.fileSize',
    'maxBatchSize',
    'maxEntrySize',
    'max_key_length',
    'MAX_ITEM_SIZE',
  ])('is none of entries where it is called %s', (name) => {
    expect(suspectsOf(withMaximum(name))).toMatchObject({ suspects: [{ bound: null }], ruledOut: [] });
  });
});

const counted = (entries: number[]) => ({ counts: counts(entries), bytesPerEntry: 375 });

describe('a suspect beside what is ruled out', () => {
  const full = counted([9_000, 10_000, 10_000]);

  it('goes on where it takes as many entries as before, and retains what remains of the growth', () => {
    expect(goesOnBeside(counted([5_000, 6_000, 7_000]), [full], 1.2e6)).toBe(true);
    // Most of what remains is somewhere else.
    expect(goesOnBeside(counted([5_000, 6_000, 7_000]), [full], 9e6)).toBe(false);
  });

  it('does not where it takes fewer, or as many as what is ruled out: its index fills with it', () => {
    expect(goesOnBeside(counted([5_000, 6_000, 6_500]), [full], 1e6)).toBe(false);
    expect(goesOnBeside(counted([5_000, 6_000, 7_000]), [counted([6_000, 7_000, 8_000])], 1.5e6)).toBe(false);
    expect(goesOnBeside(counted([5_000, 5_100, 5_200]), [], 1e5)).toBe(false); // less than an idle process drifts
  });
});

describe('several containers at one place', () => {
  const route = [step('variable', 'buckets', 'Array', 'own'), step('entry', '', 'Object')];
  const place = { route, containers: 10, gained: 1_000 };
  const candidate = { suspect: aSuspect({ entriesPerWork: 1 }), grown: grown(place) };
  const again = (gained: number, other = {}) =>
    rulingsOnPlaces([candidate], [grown({ ...place, gained, ...other })], 1_000).get(candidate.suspect);

  it('are ruled out where a third walk finds that they gain far less', () => {
    expect(again(1_300)).toMatchObject({ reason: { code: 'slows-down', before: 1, after: 0.3 } });
    expect(again(900)).toMatchObject({ reason: { code: 'was-emptied' } });
    expect(again(2_000)).toBeUndefined();
  });

  it('are not where few and heavy entries come, for they come when their time is', () => {
    const suspect = aSuspect({ entriesPerWork: 0.01 });
    const after = (gained: number) =>
      rulingsOnPlaces(
        [{ suspect, grown: grown({ ...place, gained: 10 }) }],
        [grown({ ...place, gained })],
        1_000,
      ).get(suspect);
    expect(after(10)).toBeUndefined();
    expect(after(8)).toMatchObject({ reason: { code: 'was-emptied' } });
  });

  it('are not where the third walk does not find the place', () => {
    expect(again(1_300, { route: route.slice(1) })).toBeUndefined();
  });
});
