import { describe, expect, it } from 'vitest';
import { attempt } from '../src/kit/diagnosis/attempt.js';
import { conclude, type Explained } from '../src/kit/diagnosis/conclude.js';
import type { RuledOut, Suspect, Target } from '../src/kit/diagnosis/index.js';
import type { Candidate, Context, Walked } from '../src/kit/diagnosis/model/context.js';
import { Problem } from '../src/kit/problem.js';
import { aFillingCache, aSuspect } from './support/diagnoses.js';
import { measuredOf } from './support/samples.js';
import { grown } from './support/walked.js';

const controller = new AbortController();
const context = {
  target: { pid: 1, facts: { nodeVersion: 'v22.0.0', folder: '/app', uptimeMs: 0, workers: 0 } } as Target,
  work: { unit: 'request', round: async () => 0 },
  options: {
    urls: ['http://127.0.0.1:1/'],
    snapshot: true,
    collect: true,
    maxPauseMs: undefined,
    force: false,
    signal: controller.signal,
  },
} satisfies Context;
const leaking = measuredOf(24, (round) => ({ heap: round }));
const rate = leaking.verdict.growthRate!.estimate;

const candidate = <S extends Suspect>(suspect: S): Candidate<S> => ({ suspect, grown: grown({}) });

interface Found {
  suspects?: Suspect[];
  /** Of these: near which code removes entries by their age. */
  aged?: Suspect[];
  ruledOut?: RuledOut[];
  stopped?: { expectedBytes: number; grownBytes: number };
  givenBack?: { share: number; afterMs: number };
  allocationSuspect?: Suspect;
  isUneven?: boolean;
  doublesAt?: number;
  /** Whether the slope is flat, and only a step is explained. */
  isBounded?: boolean;
  wanted?: boolean;
  goOn?: Suspect[];
}

/** What the stages found, put together. */
function concluded(found: Found) {
  const {
    suspects = [],
    aged = [],
    ruledOut = [],
    stopped = null,
    allocationSuspect = null,
    isUneven = false,
  } = found;
  const walked: Walked = {
    suspects: suspects.map((one) => ({ ...candidate(one), mayAge: aged.includes(one) })),
    ruledOut: ruledOut.map((one) => candidate(one)),
    allocatedAt: [],
    allocationSuspect,
    notes: [],
    timingsMs: {},
  };
  const explained: Explained = {
    walked,
    givenBack: found.givenBack ?? null,
    verified: { ...walked, stopped, workDone: 0, goOn: new Set(found.goOn) },
    compared: {
      wanted: found.wanted ?? false,
      suspects,
      ruledOut: [],
      stopped: null,
      snapshot: null,
      agedShare: 0,
      notes: [],
      timingsMs: {},
    },
    findings: { notes: [], timingsMs: {} },
  };
  const triage = {
    grows: 'heap' as const,
    heapBytes: 1,
    arrayBuffersBytes: 0,
    externalBytes: 0,
    rssBytes: 1,
  };
  const kind = found.isBounded ? 'bounded' : isUneven ? 'unsettled' : 'leak';
  const verdict = { ...leaking.verdict, kind } as typeof leaking.verdict;
  const { doublesAt } = found;
  const growth = { bytesPerWork: rate, isUneven, ...(doublesAt !== undefined && { doublesAt }) };
  return conclude(context, leaking, { verdict, triage, growth }, explained);
}

describe('a steady slope', () => {
  it('with a suspect is a leak, and the suspects are ranked from 1', () => {
    const [first, second] = [aSuspect({ growthShare: 0.7 }), aSuspect({ growthShare: 0.2 })];
    const { verdict, suspects } = concluded({ suspects: [first, second] });
    expect(verdict?.kind).toBe('leak');
    expect(suspects.map(({ rank, growthShare }) => [rank, growthShare])).toEqual([
      [1, 0.7],
      [2, 0.2],
    ]);
  });

  it('that a filling cache explains is unsettled, without suspects', () => {
    const { verdict, suspects, ruledOut } = concluded({ ruledOut: [aFillingCache()] });
    expect(verdict).toMatchObject({
      kind: 'unsettled',
      reason: { code: 'explained-by-ruled-out', share: 0.97 },
    });
    expect(suspects).toEqual([]);
    expect(ruledOut).toMatchObject([{ rank: 1, reason: { code: 'has-bound' } }]);
  });

  it('is a leak of its own size where a container goes on beside the cache that fills', () => {
    const queries = aSuspect({ growthShare: 0.08, bytesPerWork: 375, entriesPerWork: 1 });
    const found = { suspects: [queries], ruledOut: [aFillingCache()] };
    expect(concluded(found).verdict?.kind).toBe('unsettled');
    for (const isUneven of [false, true]) {
      const { verdict, suspects } = concluded({ ...found, isUneven, goOn: [queries] });
      expect(verdict).toMatchObject({ kind: 'leak', growthRate: { estimate: 375 } });
      expect(verdict!.confidence).toBeLessThan(0.95);
      expect(suspects).toMatchObject([{ rank: 1, name: queries.name }]);
    }
  });

  it('stays a leak where a suspect explains more than what is ruled out', () => {
    const cache = { ...aFillingCache(), growthShare: 0.3 };
    const { verdict } = concluded({ suspects: [aSuspect({ growthShare: 0.6 })], ruledOut: [cache] });
    expect(verdict?.kind).toBe('leak');
  });

  it('that its age removed is unsettled, and rules out what may age', () => {
    const givenBack = { share: 0.4, afterMs: 9_000 };
    const [aged, other] = [aSuspect({ name: 'window' }), aSuspect({ name: 'other' })];
    const { verdict, suspects, ruledOut } = concluded({ suspects: [aged, other], aged: [aged], givenBack });
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'given-back', ...givenBack } });
    expect(suspects).toEqual([]);
    expect(ruledOut).toMatchObject([{ name: 'window', reason: { code: 'ages', ...givenBack } }]);
  });

  it('that stopped while its cause was sought is unsettled, and names nobody', () => {
    const stopped = { expectedBytes: 9e6, grownBytes: 1e6 };
    const { verdict, suspects } = concluded({ suspects: [aSuspect()], stopped });
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'growth-stopped', ...stopped } });
    expect(suspects).toEqual([]);
  });

  it('without a retainer names the allocation site last, with the rest of the growth at most', () => {
    const site = aSuspect({ name: 'allocated by open at a.js:1', growthShare: 0.9 });
    const [, last] = concluded({
      suspects: [aSuspect({ growthShare: 0.3 })],
      allocationSuspect: site,
      wanted: true,
    }).suspects;
    expect(last).toMatchObject({ rank: 2, name: site.name, growthShare: 0.7 });
  });
});

const seen = (...entries: number[]) => entries.map((count) => ({ entries: count, retainedBytes: 1e6 }));

describe('a container beside which something says that it forgets', () => {
  const sign = { kind: 'expiry' as const, field: 'WINDOW_MS' };

  it('is a window that may fill where it gains no entries, and a leak where it does', () => {
    const window = aSuspect({ entriesPerWork: null, boundSign: sign, inSnapshots: seen(300, 300) });
    const { verdict, suspects } = concluded({ suspects: [window] });
    expect(verdict).toMatchObject({
      kind: 'unsettled',
      reason: { code: 'may-fill', name: window.name, sign },
    });
    expect(suspects).toEqual([]);
    const small = aSuspect({ ...window, growthShare: 0.2 });
    expect(concluded({ suspects: [small] }).verdict?.kind).toBe('leak');
    const gains = concluded({ suspects: [aSuspect({ boundSign: sign, inSnapshots: seen(300, 9_000) })] });
    expect(gains.verdict?.kind).toBe('leak');
  });

  it.each(['maximum', 'ring'] as const)(
    'is a leak where its sign is a %s, which bounds entries alone',
    (kind) => {
      const full = aSuspect({
        entriesPerWork: null,
        boundSign: { kind, field: 'max' },
        inSnapshots: seen(300, 300),
      });
      expect(concluded({ suspects: [full] }).verdict?.kind).toBe('leak');
    },
  );
});

describe('an uneven slope', () => {
  it('is a leak where one container without a bound grows evenly and explains it', () => {
    const { verdict, suspects } = concluded({ suspects: [aSuspect()], isUneven: true });
    expect(verdict).toMatchObject({ kind: 'leak', reason: { code: 'even-container', entriesPerWork: 1 } });
    expect(verdict!.confidence).toBeLessThan(0.95);
    expect(suspects).toHaveLength(1);
  });

  it('is a leak where the container explains what went on of it, because the rest filled before', () => {
    const trail = aSuspect({ growthShare: 0.5 });
    const { verdict } = concluded({ suspects: [trail], goOn: [trail], isUneven: true });
    expect(verdict).toMatchObject({ kind: 'leak', reason: { code: 'goes-on-beside', names: [] } });
    const flat = concluded({ suspects: [trail], goOn: [trail], isUneven: true, isBounded: true });
    expect(flat.verdict?.kind).toBe('bounded');
  });

  it.each([
    ['explains less than 60 % of it', { suspects: [aSuspect({ growthShare: 0.5 })] }],
    ['gains no entries', { suspects: [aSuspect({ entriesPerWork: 0 })] }],
    ['stands beside a container that is ruled out', { suspects: [aSuspect()], ruledOut: [aFillingCache()] }],
  ])('stays unsettled where the container %s, and a note names it', (_, found) => {
    const { verdict, suspects, notes } = concluded({ ...found, isUneven: true });
    expect(verdict?.kind).toBe('unsettled');
    expect(suspects).toEqual([]);
    expect(notes).toMatchObject([{ code: 'uneven-and-unexplained' }]);
  });
});

describe('a slope that is flat beside a step', () => {
  const step = { isUneven: true, isBounded: true };
  const aBuffer = aSuspect({ kind: 'buffers', entries: null, entriesPerWork: null });

  it('is a leak where one buffer doubles in step with the work', () => {
    const { verdict, suspects } = concluded({ ...step, suspects: [aBuffer], doublesAt: 90_000 });
    expect(verdict).toMatchObject({ kind: 'leak', reason: { code: 'doubles' } });
    expect(suspects).toHaveLength(1);
  });

  it('is a leak where one container without a bound grows evenly and explains the step', () => {
    const { verdict, suspects, triage } = concluded({ ...step, suspects: [aSuspect()] });
    expect(verdict).toMatchObject({ kind: 'leak', reason: { code: 'even-container', entriesPerWork: 1 } });
    expect(suspects).toHaveLength(1);
    expect(triage?.grows).not.toBe('nothing');
  });

  it.each([
    ['there is no container', {}],
    ['it is a buffer that does not double in step with the work', { suspects: [aBuffer] }],
    [
      'it is no buffer, and gains no entries',
      { suspects: [aSuspect({ entriesPerWork: null })], doublesAt: 9e4 },
    ],
    ['the container explains less than 60 % of it', { suspects: [aSuspect({ growthShare: 0.5 })] }],
    ['it stands beside one that is ruled out', { suspects: [aSuspect()], ruledOut: [aFillingCache()] }],
    ['growth has stopped', { suspects: [aSuspect()], stopped: { expectedBytes: 9e6, grownBytes: 0 } }],
  ])('stays bounded where %s', (_, found) => {
    const { verdict, suspects, notes } = concluded({ ...step, ...found });
    expect(verdict?.kind).toBe('bounded');
    expect(suspects).toEqual([]);
    expect(notes).toEqual([]);
  });
});

describe('a stage that fails', () => {
  const otherwise = { found: 'nothing', notes: [] };
  const failing = (error: Error) => async (): Promise<typeof otherwise> => {
    throw error;
  };

  it('leaves the diagnosis with what it has, and a note that says which stage failed and why', async () => {
    const fails = failing(new Error('a slice took 90 ms'));
    expect(await attempt(context, 'walk', fails, otherwise)).toEqual({
      found: 'nothing',
      notes: [{ code: 'stage-failed', stage: 'walk', message: 'a slice took 90 ms' }],
    });
  });

  it('ends the diagnosis where the target has ended', async () => {
    const dies = failing(new Problem('LEAK_LAB_DIED', 'process 1 has ended'));
    await expect(attempt(context, 'walk', dies, otherwise)).rejects.toMatchObject({ code: 'LEAK_LAB_DIED' });
  });

  it('ends the diagnosis where the operator interrupts it', async () => {
    const interrupted = new AbortController();
    interrupted.abort();
    const options = { ...context.options, signal: interrupted.signal };
    const fails = failing(new Error('aborted'));
    await expect(attempt({ ...context, options }, 'verify', fails, otherwise)).rejects.toThrow('aborted');
  });
});
