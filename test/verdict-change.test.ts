import { describe, expect, it } from 'vitest';
import { changeOf, judge, judgeDifference, medianInterval, type Reading } from '../src/kit/verdict/index.js';
import { pairPower, pairRates, pairTable } from './support/pairs.js';

/** Readings on a line, with a little noise that repeats. */
function line(slope: number, rounds = 20, perRound = 1_000): Reading[] {
  return Array.from({ length: rounds + 1 }, (_, i) => ({
    work: i * perRound,
    bytes: 30e6 + slope * i * perRound + [0, 900, -700, 300, -500][i % 5]!,
  }));
}

/** With the table of a Map that takes an entry for each request: it doubles when it is full. */
const withTable = (readings: Reading[]) =>
  readings.map(({ work, bytes }) => ({ work, bytes: bytes + 28 * 2 ** Math.ceil(Math.log2(work + 1)) }));

const changed = (before: Reading[], after: Reading[]) =>
  changeOf(judge(before), judge(after), judgeDifference(before, after));

describe('the change between two versions', () => {
  it.each([
    ['leaked and is bounded', 480, 0, 'fixed', 'leak-gone'],
    ['leaks half as much', 480, 240, 'improved', 'leak-smaller'],
    ['was bounded and leaks', 0, 480, 'regressed', 'leak-new'],
    ['leaks twice as much', 240, 480, 'regressed', 'leak-larger'],
    ['is bounded as before', 0, 0, 'unchanged', 'both-bounded'],
    ['leaks as before', 480, 480, 'unchanged', 'same-leak'],
    ['leaks 2 % less, which counts as the same', 480, 470, 'unchanged', 'same-leak'],
  ])('that %s', (_, before, after, kind, reason) => {
    const change = changed(line(before), line(after));
    expect(change).toMatchObject({ kind, reason });
    expect(change.confidence).toBeGreaterThan(0.9);
  });

  it('is unsettled where the leak lies just above the smallest one and the fix just below', () => {
    expect(changed(line(2.3, 30), line(1.7, 30)).kind).toBe('unsettled');
  });

  it('is a regression where the new version leaks faster, also if the old one is unsettled', () => {
    const [before, after] = [line(0), line(480)];
    const doubtful = { ...judge(before), kind: 'unsettled' as const, confidence: 0 };
    const change = changeOf(doubtful, judge(after), judgeDifference(before, after));
    expect(change).toMatchObject({ kind: 'regressed', reason: 'growth-larger' });
    expect(change.confidence).toBeGreaterThan(0.9);
  });

  it('is unsettled with too few readings', () => {
    expect(changed(line(480, 5), line(0, 5))).toEqual({
      kind: 'unsettled',
      confidence: 0,
      reason: 'before-unsettled',
    });
  });

  it('that only structure shows is fixed where the estimate falls by more than the smallest difference', () => {
    const [before, after] = [line(480), line(0)];
    const difference = { ...judgeDifference(before, after), kind: 'unsettled' as const, confidence: 0 };
    const leak = { ...judge(before), confidence: 0.95 };
    expect(changeOf(leak, judge(after), difference).kind).toBe('unsettled');
    const byStructure = changeOf({ ...leak, byStructure: true }, judge(after), difference);
    expect(byStructure.kind).toBe('fixed');
    expect(byStructure.confidence).toBeLessThanOrEqual(0.95);
  });
});

describe('the difference of two growth rates', () => {
  it('is that of the slopes, with an interval around it', () => {
    const { rate, kind } = judgeDifference(line(480), line(100));
    expect(kind).toBe('lower');
    expect(rate?.estimate).toBeCloseTo(-380, 0);
    expect(rate?.low).toBeLessThan(-380 + 1e-9);
    expect(rate?.high).toBeGreaterThan(-380 - 1e-9);
  });

  it('is the same while both fill the same cache', () => {
    const filling = line(0).map(({ work, bytes }) => ({ work, bytes: bytes + 500 * Math.min(work, 9_000) }));
    expect(judgeDifference(filling, filling)).toMatchObject({ kind: 'same' });
  });

  it('is not the same where one alone grows in steps that are far apart, as the table of a Map does', () => {
    for (let rounds = 10; rounds <= 60; rounds += 1) {
      const difference = judgeDifference(withTable(line(263, rounds)), line(263, rounds));
      expect(difference.kind, `${rounds} rounds`).not.toBe('same');
      expect(difference.kind, `${rounds} rounds`).not.toBe('higher');
    }
    const { kind, rate, reason } = judgeDifference(withTable(line(263, 42)), line(263, 42));
    expect([kind, reason.code]).toEqual(['unsettled', 'step']);
    expect(rate?.estimate).toBeLessThan(-28);
    expect(rate?.high).toBeGreaterThan(-1);
  });

  it('refuses series of different work', () => {
    expect(() => judgeDifference(line(0, 20), line(0, 19))).toThrow(/21 readings before and 20 after/);
    expect(() => judgeDifference(line(0), line(0, 20, 999))).toThrow(/work is 1000 before and 999 after/);
  });
});

describe('the interval of a median', () => {
  it('is of the values themselves, and unknown for fewer than eight', () => {
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7])).toBeNull();
    expect(medianInterval([8, 1, 2, 3, 4, 5, 6, 7])).toEqual({ estimate: 4.5, low: 1, high: 8 });
    const twenty = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(medianInterval(twenty)).toEqual({ estimate: 10.5, low: 4, high: 17 });
  });
});

describe('verdicts on drawn pairs', () => {
  it('are wrong in at most one pair of a hundred, judged after every round', { timeout: 120_000 }, () => {
    const rates = pairRates(40, 40, 3);
    console.log(pairTable(rates));
    const wrong = rates.reduce((sum, rate) => sum + rate.wrong, 0) / rates.length;
    expect(wrong).toBeLessThanOrEqual(0.01);
  });

  it.each([
    ['fixed', 480, 0, 0.8],
    ['improved', 960, 480, 0.9],
    ['regressed', 0, 480, 0.9],
    ['unchanged', 0, 0, 0.7],
  ] as const)(
    'are %s within 30 rounds of 1,000 requests: %i, then %i bytes each',
    (kind, before, after, share) => {
      const plan = { rounds: 30, requestsPerRound: 1_000 };
      expect(pairPower(kind, { before, after }, plan, 50)).toBeGreaterThanOrEqual(share);
    },
  );
});
