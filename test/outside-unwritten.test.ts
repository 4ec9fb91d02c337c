import { describe, expect, it } from 'vitest';
import { withUnwritten } from '../src/kit/diagnosis/outside/unwritten.js';
import { type LedgerReading, memoryKinds, unwrittenGrowth } from '../src/kit/outside/index.js';
import { aDiagnosis } from './support/diagnoses.js';
import { gaussian, seeded } from './support/series.js';

const PER_ROUND = 500;

/** Twenty-one readings of a process that allocates and writes to so many bytes per request. */
function readings(allocated: number, written: number): LedgerReading[] {
  const random = seeded(7);
  return Array.from({ length: 21 }, (_, round) => {
    const work = round * PER_ROUND;
    const rssOf = (kind: string): number =>
      kind === 'anonymous' ? 20e6 + written * work + 200e3 * gaussian(random) : 1e6;
    const resident = Object.fromEntries(
      memoryKinds.map((kind) => [kind, { rssBytes: rssOf(kind), pssBytes: 0 }]),
    ) as NonNullable<LedgerReading['ledger']['resident']>;
    const malloc = { inUseBytes: 18e6 + allocated * work, freeBytes: 0, blocks: 1 };
    const ledger = { counts: {}, resident, malloc, webAssemblyBytes: 0, childrenBytes: 0 };
    return { work, externalBytes: 0, ledger };
  });
}

const leakOf = (estimate: number) =>
  aDiagnosis({
    verdict: {
      kind: 'leak',
      unit: 'request',
      growthRate: { estimate, low: estimate, high: estimate },
      confidence: 0.99,
      work: 10_000,
      readings: 20,
      reason: { code: 'steady-growth' },
    },
  });

describe('what is allocated and not written to', () => {
  it('is what the resident set grows less by', () => {
    const unwritten = unwrittenGrowth(readings(24e3, 12e3), 'request');
    expect(Math.abs(unwritten! - 12e3)).toBeLessThan(0.05 * 12e3);
  });

  it('is nothing where all of it is written to', () => {
    expect(unwrittenGrowth(readings(3e3, 3e3), 'request')).toBeNull();
  });

  it('is said of a leak, with the growth of the resident set', () => {
    const { notes } = withUnwritten(leakOf(25e3), readings(24e3, 12e3));
    expect(notes.at(-1)).toMatchObject({ code: 'not-written', perWork: 25e3, unit: 'request' });
  });

  it('is not said where it is a small part, or where there is no leak', () => {
    expect(withUnwritten(leakOf(250e3), readings(24e3, 12e3)).notes).toEqual(leakOf(250e3).notes);
    const bounded = aDiagnosis({ verdict: { ...leakOf(25e3).verdict!, kind: 'bounded' } });
    expect(withUnwritten(bounded, readings(24e3, 12e3)).notes).toEqual(bounded.notes);
  });

  it('is not said where it is more than the verdict counts', () => {
    expect(withUnwritten(leakOf(500), readings(24e3, 12e3)).notes).toEqual([]);
  });
});
