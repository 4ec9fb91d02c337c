import { describe, expect, it } from 'vitest';
import { type Diagnosis, noteText, type RuledOut } from '../src/kit/diagnosis/index.js';
import type { Context } from '../src/kit/diagnosis/model/context.js';
import { clears, mayBeSettledNow, secondMeasurement } from '../src/kit/diagnosis/settled-now.js';
import { mayComeInBatches, NOTHING_WALKED } from '../src/kit/diagnosis/walk/index.js';
import { lastsOver } from '../src/kit/diagnosis/walk/over-periods.js';
import { aDiagnosis, aFillingCache, aSuspect } from './support/diagnoses.js';
import { between, grown } from './support/walked.js';

const context = (unit: 'request' | 'second') => ({ work: { unit }, options: { collect: true } }) as Context;

/** A diagnosis that ended unsettled, with what was ruled out. */
function unsettled(
  reason: NonNullable<Diagnosis['verdict']>['reason'],
  ...ruledOut: RuledOut['reason'][]
): Diagnosis {
  return aDiagnosis({
    verdict: { ...aDiagnosis().verdict!, kind: 'unsettled', reason },
    suspects: [],
    ruledOut: ruledOut.map((one) => Object.assign(aFillingCache(), { reason: one })),
  });
}

const stopped = { code: 'growth-stopped', expectedBytes: 9e6, grownBytes: 1e6 } as const;
const explained = { code: 'explained-by-ruled-out' as const, share: 1, names: [] };

describe('a second measurement', () => {
  it.each([
    ['a pool that warmed up', unsettled({ code: 'slowing' })],
    ['growth that had stopped when its cause was sought', unsettled(stopped)],
    ['a window of time that is emptied', unsettled(explained, { code: 'was-emptied' })],
    ['entries that expire soon', unsettled(explained, { code: 'not-expired-yet', inMs: 12_000 })],
  ])('is worth it for %s', (_, diagnosis) => {
    expect(mayBeSettledNow(diagnosis, context('request'))).toBe(true);
  });

  it('is worth it where a cache has filled meanwhile', () => {
    const diagnosis = unsettled(explained, { code: 'has-bound' });
    const [cache] = diagnosis.ruledOut;
    const full = { ...cache!, bound: { ...cache!.bound!, filled: 1 } };
    expect(mayBeSettledNow({ ...diagnosis, ruledOut: [full] }, context('request'))).toBe(true);
  });

  it.each([
    ['a cache that is not full yet', unsettled(explained, { code: 'has-bound' })],
    ['keys that run out', unsettled(stopped, { code: 'slows-down', before: 0.6, after: 0.5 })],
    ['entries that expire in an hour', unsettled(explained, { code: 'not-expired-yet', inMs: 3_600_000 })],
    ['memory that is too noisy', unsettled({ code: 'interval-too-wide', smallestLeakBytes: 9 })],
  ])('is not worth it for %s', (_, diagnosis) => {
    expect(mayBeSettledNow(diagnosis, context('request'))).toBe(false);
  });

  it('is not made of existing traffic, which is another one then', () => {
    expect(mayBeSettledNow(unsettled({ code: 'slowing' }), context('second'))).toBe(false);
  });
});

const verdict = (kind: 'bounded' | 'leak' | 'unsettled', low: number, estimate: number, high: number) => ({
  ...aDiagnosis().verdict!,
  kind,
  growthRate: { low, estimate, high },
});

describe('a second measurement that is bounded', () => {
  const first = verdict('unsettled', 30, 40, 50);

  it('clears what grew before and has stopped', () => {
    expect(clears(verdict('bounded', -2, 3, 8), first)).toBe(true);
    expect(clears(verdict('bounded', 1, 5, 9), first)).toBe(true);
  });

  it('does not clear growth that goes on below what fewer requests can detect', () => {
    expect(clears(verdict('bounded', 28, 35, 43), first)).toBe(false);
    expect(clears(verdict('leak', 28, 35, 43), first)).toBe(false);
  });
});

describe('a note on a second measurement', () => {
  const first = verdict('unsettled', 30, 40, 50);
  const noteOn = (again: Parameters<typeof clears>[0]) =>
    secondMeasurement(again, first, { code: 'explained-by-ruled-out', share: 1, names: [] });

  it('says that its verdict stands, and what the first one was unsettled by, where it clears the first', () => {
    const note = noteOn(verdict('bounded', -2, 3, 8));
    expect(note).toEqual({ code: 'measured-again', because: 'explained-by-ruled-out' });
    expect(noteText(note)).toMatch(/the second measurement began then, and is the verdict\.$/);
  });

  it.each([
    ['bounded', /It still grew, by 35 bytes per request \(28 to 43\) over 4,000 requests: too little/],
    ['leak', /It grew again, by 35 bytes per request \(28 to 43\) over 4,000 requests\./],
    ['unsettled', /Memory changed by 35 bytes per request \(28 to 43\) over 4,000 requests, which does not/],
  ] as const)('says what it gave where it is %s and does not clear the first', (kind, what) => {
    const note = noteOn({ ...verdict(kind, 28, 35, 43), work: 4_000 });
    expect(note).toMatchObject({ code: 'measured-twice', kind, growthRate: { estimate: 35 }, work: 4_000 });
    expect(noteText(note)).toMatch(what);
    expect(noteText(note)).toMatch(/ The verdict is that of the first measurement\.$/);
  });

  it('says that it had too few readings where they give no rate', () => {
    const note = noteOn({ ...verdict('unsettled', 0, 0, 0), growthRate: null });
    expect(noteText(note)).toContain('It had too few readings to tell.');
  });
});

const lasts = (growthShare: number, entriesPerWork: number, outside = 0) =>
  lastsOver({
    suspects: [{ suspect: aSuspect({ growthShare, entriesPerWork }), grown: grown({}) }],
    ruledOut: [
      {
        suspect: { ...aFillingCache(), growthShare: outside, reason: { code: 'has-bound' } },
        grown: grown({}),
      },
    ],
  });

describe('a walk over several periods', () => {
  const walked = { ...NOTHING_WALKED, between, timersMs: [5_000] };

  it('is made where what was emptied explains the growth', () => {
    const suspect = { ...aFillingCache(), growthShare: 1, reason: { code: 'was-emptied' as const } };
    const ranking = { suspects: [], ruledOut: [{ suspect, grown: grown({}) }] };
    expect(mayComeInBatches(walked, ranking)).toBe(true);
  });

  it('is made where a buffer was emptied that explains little, also where no timer says when it is', () => {
    const suspect = { ...aFillingCache(), growthShare: 0.1, reason: { code: 'was-emptied' as const } };
    const ranking = { suspects: [], ruledOut: [{ suspect, grown: grown({}) }] };
    expect(mayComeInBatches({ ...walked, timersMs: [] }, ranking)).toBe(true);
    const filling = { ...suspect, reason: { code: 'has-bound' as const } };
    const other = (entries: number) => ({
      suspects: [],
      ruledOut: [{ suspect: filling, grown: grown({ entries }) }],
    });
    expect(mayComeInBatches({ ...walked, timersMs: [] }, other(10_000))).toBe(false);
    // It has a bound, and far fewer entries than it took.
    expect(mayComeInBatches({ ...walked, timersMs: [] }, other(4_000))).toBe(true);
  });

  it('finds what explains the growth, or takes an entry for most requests and more than what is ruled out', () => {
    expect(lasts(0.6, 0.01)).toBe(true);
    expect(lasts(0.21, 0.8, 0.06)).toBe(true);
    expect(lasts(0.21, 0.01)).toBe(false);
    expect(lasts(0.21, 0.8, 0.7)).toBe(false);
    expect(lastsOver({ suspects: [], ruledOut: [] })).toBe(false);
  });

  it('is not made for what the sockets of connections had for a moment', () => {
    const suspect = {
      ...aFillingCache(),
      type: 'Socket',
      growthShare: 0.06,
      reason: { code: 'was-emptied' as const },
    };
    const ranking = { suspects: [], ruledOut: [{ suspect, grown: grown({}) }] };
    expect(mayComeInBatches({ ...walked, timersMs: [] }, ranking)).toBe(false);
  });

  it('is not made where no container took entries, because no walk reaches what grows', () => {
    expect(mayComeInBatches(walked, { suspects: [], ruledOut: [] })).toBe(false);
  });
});
