import { describe, expect, it } from 'vitest';
import { judgeOutside, type LoadReason, withOutside } from '../load/outside-growth.js';
import { loadVerdictText, outsideSentences } from '../load/outside-words.js';
import type { Allocator, Ledger, LedgerReading } from '../src/kit/outside/index.js';
import { judgeByWork, type Verdict } from '../src/kit/verdict/index.js';
import { gaussian, seeded } from './support/series.js';

const PER_ROUND = 1_000;
const ROUNDS = 21;
const MB = 1e6;
const EMPTY: Ledger = { counts: {}, resident: null, malloc: null, webAssemblyBytes: 0, childrenBytes: 0 };

interface Round {
  counts?: Ledger['counts'];
  /** In use and free, in bytes; null where malloc is not read. */
  malloc?: [inUse: number, free: number] | null;
  /** Live bytes of V8. */
  v8?: number;
  /** The resident set beside V8's heap. */
  resident?: number;
}

/** The verdict of a load whose process held this after each round, with what is said beside it. */
function judged(at: (round: number) => Round, allocator: Allocator | null = 'glibc') {
  const random = seeded(7);
  const noise = (size: number): number => size * gaussian(random);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => at(round));
  const readings = rounds.map(({ counts = {}, malloc = [5 * MB, MB] }, round): LedgerReading => ({
    work: round * PER_ROUND,
    externalBytes: 0,
    ledger: {
      ...EMPTY,
      counts,
      malloc: malloc && { inUseBytes: malloc[0] + noise(20e3), freeBytes: malloc[1], blocks: 1 },
    },
  }));
  const samples = rounds.map(({ resident = 50 * MB }, round) => ({
    requests: round * PER_ROUND,
    rssBytes: 60 * MB + resident + noise(0.5 * MB),
    heapTotalBytes: 60 * MB,
    externalBytes: 0,
  }));
  const v8 = judgeByWork(
    rounds.map(({ v8: live = 30 * MB }, round) => ({ work: round * PER_ROUND, bytes: live + noise(5e3) })),
  );
  const outside = judgeOutside(allocator === null ? [] : readings, allocator);
  const verdict: Verdict<LoadReason> = withOutside(v8, outside, samples, 1_024);
  return { verdict, v8, text: [loadVerdictText(verdict), ...outsideSentences(verdict, outside)].join(' ') };
}

/** More than the slack of the resident set where malloc is not read, and less than where it is. */
const grows = (round: number): Round => ({ malloc: null, resident: 50 * MB + 1.2 * MB * round });

describe('the verdict of load, where V8 is bounded', () => {
  it('is bounded, and says no more, where nothing grows outside either', () => {
    const { verdict, v8, text } = judged(() => ({ counts: { files: 22, threads: 11 } }));
    expect(verdict).toEqual(v8);
    expect(verdict.kind).toBe('bounded');
    expect(text).toBe(loadVerdictText(v8));
  });

  it('is a leak where files stay open, with their rate, their limit, and what to do', () => {
    const { verdict, text } = judged((round) => ({ counts: { files: 22 + 20 * round } }));
    expect(verdict).toMatchObject({ kind: 'leak', reason: { code: 'leaks-outside-v8', what: 'files' } });
    expect(text).toContain('open files grow by 0.02 per request');
    expect(text).toContain('may have 1,024 files');
    expect(text).toContain('leak-lab diagnose');
  });

  it('is a leak of so many bytes where native memory grows', () => {
    const { verdict } = judged((round) => ({ malloc: [5 * MB + 600 * PER_ROUND * round, MB] }));
    expect(verdict).toMatchObject({ kind: 'leak', reason: { what: 'native-memory' } });
    expect(verdict.growthRate!.low).toBeLessThan(600);
    expect(verdict.growthRate!.high).toBeGreaterThan(600);
  });

  it('names what comes with threads beside them', () => {
    const { verdict, text } = judged((round) => ({
      counts: { threads: 11 + 3 * round, pipes: 11 + 6 * round },
      malloc: [5 * MB + 2 * MB * round, MB],
    }));
    expect(verdict.reason).toMatchObject({ what: 'threads' });
    expect(text).toMatch(/With it grew: open pipes 11 to 131, native memory 5\.0 MB to 45\.\d MB/);
  });

  it('is unsettled where native memory grew until the end, and slows down', () => {
    const { verdict } = judged((round) => ({ malloc: [5 * MB + 40 * MB * (1 - Math.exp(-round / 10)), MB] }));
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'may-grow-outside-v8' } });
  });

  it('is unsettled where the resident set grows by far more than all that is known', () => {
    const { verdict } = judged((round) => ({ resident: 50 * MB + 8 * MB * round }));
    expect(verdict).toMatchObject({ kind: 'unsettled', reason: { code: 'grows-outside-v8' } });
  });

  it('is bounded where that is what malloc has free, which is said', () => {
    const { verdict, text } = judged((round) => ({
      resident: 50 * MB + 8 * MB * round,
      malloc: [5 * MB, MB + 8 * MB * round],
    }));
    expect(verdict.kind).toBe('bounded');
    expect(text).toContain('malloc has 161.0 MB free');
  });

  it('says what was not judged where blocks of malloc cannot be read, and where the system tells nothing', () => {
    const jemalloc = judged(() => ({ malloc: null }), 'jemalloc');
    expect(jemalloc.verdict.kind).toBe('bounded');
    expect(jemalloc.text).toContain('The allocator is jemalloc, whose blocks cannot be read');
    expect(judged(grows, 'jemalloc').verdict).toMatchObject({
      kind: 'unsettled',
      reason: { code: 'grows-outside-v8' },
    });
    expect(judged((round) => ({ ...grows(round), malloc: [5 * MB, MB] })).verdict.kind).toBe('bounded');
    expect(judged(() => ({}), null).text).toContain('only the resident set was judged');
  });
});

it('what could not be read is said once, with the reason', () => {
  const missing = [{ part: 'memory', because: 'vmmap is not installed' }] as const;
  const readings: LedgerReading[] = [{ work: 0, externalBytes: 0, ledger: EMPTY }];
  const { verdict } = judged(() => ({}));
  expect(outsideSentences(verdict, judgeOutside(readings, 'libmalloc', missing))).toEqual([
    'Memory by kind, and what malloc has in use, could not be read, because vmmap is not installed.',
  ]);
  expect(outsideSentences(verdict, judgeOutside(readings, 'libmalloc'))).toEqual([
    expect.stringContaining('of more than a gigabyte, vmmap shows tenths'),
  ]);
});

describe('the verdict of load, where V8 leaks', () => {
  const leak = 30 * MB;

  it('stays that of V8 where little more grows', () => {
    const { verdict, v8 } = judged((round) => ({
      v8: leak + 500 * PER_ROUND * round,
      malloc: [5 * MB + 60 * PER_ROUND * round, MB],
    }));
    expect(verdict).toEqual(v8);
  });

  it('has the rate of both where wrappers in V8 are a fraction of what they own', () => {
    const { verdict, v8 } = judged((round) => ({
      v8: leak + 300 * PER_ROUND * round,
      malloc: [5 * MB + 5_400 * PER_ROUND * round, MB],
    }));
    expect(v8).toMatchObject({ kind: 'leak', reason: { code: 'steady-growth' } });
    expect(verdict.reason).toMatchObject({ code: 'leaks-outside-v8', heapGrows: true });
    expect(verdict.growthRate!.estimate).toBeGreaterThan(5_500);
    expect(verdict.growthRate!.estimate).toBeLessThan(5_900);
  });
});
