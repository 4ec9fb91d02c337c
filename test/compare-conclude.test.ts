import { describe, expect, it } from 'vitest';
import { conclude, memoryChange } from '../src/kit/compare/conclude.js';
import type { Answers, Cost, CostName } from '../src/kit/compare/index.js';
import type { Suspect } from '../src/kit/diagnosis/index.js';
import type { Change, Difference, Rate } from '../src/kit/verdict/index.js';
import { aDiagnosis, aSuspect } from './support/diagnoses.js';

const exactly = (estimate: number): Rate => ({ estimate, low: estimate, high: estimate });
const carts = aSuspect({ name: 'shop.js › carts (Map, 9 entries)' });
const prices = aSuspect({ name: 'shop.js › prices (9 listeners)', type: 'Array' });

/** A difference of two leaks that came in steps. */
const inSteps = (estimate: number): Difference => ({
  kind: 'unsettled',
  unit: 'request',
  rate: { estimate, low: Math.min(0, estimate), high: Math.max(0, estimate) },
  confidence: 0,
  work: 20_000,
  readings: 20,
  smallestBytes: 15,
  reason: { code: 'step' },
});

const changed = (before: Suspect[], after: Suspect[], estimate: number): Change =>
  memoryChange(aDiagnosis({ suspects: before }), aDiagnosis({ suspects: after }), inSteps(estimate));

describe('where both versions leak and their difference is uneven', () => {
  it.each([
    ['improved', 'one suspect is gone and memory grows less', [carts, prices], [prices], -40],
    ['regressed', 'one suspect is new and memory grows more', [prices], [carts, prices], 40],
    ['unsettled', 'a suspect is gone and memory does not grow less', [carts, prices], [prices], -10],
    ['unsettled', 'memory grows less and the suspects are the same', [carts, prices], [carts, prices], -40],
    ['unsettled', 'one suspect is gone and another is new', [carts], [prices], -40],
  ] as const)('the change is %s if %s', (kind, _, before, after, estimate) => {
    const change = changed([...before], [...after], estimate);
    expect(change.kind).toBe(kind);
    expect(change.confidence).toBeLessThan(0.95);
  });
});

const SAME: Answers = { compared: 9, different: 0, kind: 'same', differences: [] };
const FIXED: Change = { kind: 'fixed', confidence: 0.99, reason: 'leak-gone' };
const options = { mostSlowdown: 1.5 };

function costs(slower: Partial<Record<CostName, Rate>> = {}): Record<CostName, Cost> {
  const names = ['cpuMsPerRequest', 'p50Ms', 'p99Ms', 'requestsPerSecond', 'rssBytes'] as const;
  const costOf = (name: CostName): Cost => ({
    before: exactly(1),
    after: exactly(1),
    ratio: slower[name] ?? exactly(1),
  });
  return Object.fromEntries(names.map((name) => [name, costOf(name)])) as Record<CostName, Cost>;
}

describe('a fix', () => {
  it('is refused where its answers differ, and where it is too slow with the whole interval', () => {
    expect(conclude(FIXED, SAME, costs(), options)).toMatchObject({ kind: 'fixed' });
    const wrong = conclude(FIXED, { ...SAME, different: 9, kind: 'different' }, costs(), options);
    expect(wrong).toMatchObject({ kind: 'regressed', reason: { code: 'answers-differ' } });
    for (const cost of ['cpuMsPerRequest', 'p50Ms', 'p99Ms'] as const) {
      const slow = costs({ [cost]: { estimate: 2, low: 1.8, high: 2.2 } });
      expect(conclude(FIXED, SAME, slow, options).reason).toMatchObject({ code: 'slower', cost });
      const doubtful = costs({ [cost]: { estimate: 2, low: 1.4, high: 2.6 } });
      expect(conclude(FIXED, SAME, doubtful, options).kind).toBe('fixed');
    }
    const larger = costs({ rssBytes: exactly(9), requestsPerSecond: exactly(9) });
    expect(conclude(FIXED, SAME, larger, options).kind).toBe('fixed');
  });

  it('is not called one while it is not known whether answers differ by chance', () => {
    expect(conclude(FIXED, { ...SAME, kind: 'varies' }, costs(), options).kind).toBe('unsettled');
    expect(
      conclude({ ...FIXED, kind: 'regressed' }, { ...SAME, kind: 'varies' }, costs(), options).kind,
    ).toBe('regressed');
  });
});
