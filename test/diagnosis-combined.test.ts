import { describe, expect, it } from 'vitest';
import { combined, hasLost, ruledOutByBoth, withoutEmptied } from '../src/kit/diagnosis/snapshots/combine.js';
import { explainsTooLittle, gainedBetween } from '../src/kit/diagnosis/snapshots/stage.js';
import { aSuspect } from './support/diagnoses.js';

const walked = aSuspect({
  name: 'src/audit.js › trail (Array, 11,421 entries)',
  path: ['src/audit.js', 'trail (Array)'],
  type: 'Array',
  growthShare: 0.3,
  bytesPerWork: 270,
});
const inSnapshots = aSuspect({
  name: 'app/src/audit.js › trail (Array, 20,921 entries)',
  path: ['app/src/audit.js', 'trail (Array)'],
  type: 'Array',
  entriesPerWork: null,
  growthShare: 0.9,
  bytesPerWork: 810,
  contents: ['Object', '.by (Object)'],
});

const at = (entries: number) => ({ entries, retainedBytes: 1e6 });

describe('suspects of a walk and of snapshots', () => {
  it('are none where the walk saw a buffer being emptied that only grew between the snapshots', () => {
    const emptied = { ...walked, reason: { code: 'was-emptied' as const } };
    expect(withoutEmptied([inSnapshots], [emptied])).toEqual([]);
    const filling = { ...walked, reason: { code: 'has-bound' as const } };
    expect(withoutEmptied([inSnapshots], [filling])).toEqual([inSnapshots]);
    const other = { ...inSnapshots, path: ['app/src/audit.js', 'archive (Array)'] };
    expect(withoutEmptied([other], [emptied])).toEqual([other]);
  });

  it('are asked of snapshots where the walk leaves most of the growth, and what it ruled out is no more than it named', () => {
    const ruledOut = (growthShare: number, type = 'Map') => ({
      ...walked,
      type,
      growthShare,
      reason: { code: 'was-emptied' as const },
    });
    const wanted = (...known: ReturnType<typeof ruledOut>[]) =>
      explainsTooLittle({ suspects: [], ruledOut: known });
    expect(wanted()).toBe(true);
    expect(wanted(ruledOut(0.06))).toBe(false);
    expect(wanted(ruledOut(0.06, 'Socket'))).toBe(true);
    expect(explainsTooLittle({ suspects: [{ ...walked, growthShare: 0.9 }], ruledOut: [] })).toBe(false);
  });

  it('were emptied where they have far fewer entries than they took, at their rate between the snapshots', () => {
    const buffer = { ...inSnapshots, inSnapshots: [at(5_000), at(7_500)] };
    expect(hasLost(buffer, 2_500, 17_000)).toBe(true);
    expect(hasLost(buffer, 2_500, 8_000)).toBe(false);
    expect(hasLost({ ...inSnapshots, inSnapshots: [at(5_000), at(5_010)] }, 10, 17_000)).toBe(false);
    expect(hasLost(inSnapshots, 2_500, 17_000)).toBe(false);
  });

  it('are one where both are of the same owner: with the rate of the walk, and what the snapshots saw of it', () => {
    expect(combined([inSnapshots], [walked])).toMatchObject([
      {
        name: walked.name,
        entriesPerWork: 1,
        growthShare: 0.9,
        bytesPerWork: 810,
        contents: ['Object', '.by (Object)'],
      },
    ]);
  });

  it('are one where the walk saw what grew in the entries of a container that gained none', () => {
    const usage = { ...walked, path: ['src/audit.js', 'tenants (Map)', '[…] (Object)', '.usage (Map)'] };
    const tenants = { ...inSnapshots, path: ['app/src/audit.js', 'tenants (Map)'], type: 'Map' };
    expect(combined([{ ...tenants, inSnapshots: [at(20), at(20)] }], [usage])).toMatchObject([
      { name: usage.name, growthShare: 0.9, bytesPerWork: 810 },
    ]);
    expect(combined([{ ...tenants, inSnapshots: [at(20), at(900)] }], [usage])).toMatchObject([
      { name: tenants.name },
    ]);
  });

  it('are two where the file of one only ends with the letters of the other', () => {
    const [, ...path] = inSnapshots.path;
    const other = { ...inSnapshots, path: ['src/old-audit.js', ...path] };
    const short = { ...walked, path: ['audit.js', ...path] };
    expect(combined([other], [short])).toMatchObject([{ name: other.name, path: other.path }]);
    const built = { ...inSnapshots, path: ['dist/audit.js', ...path] };
    expect(combined([built], [short])).toMatchObject([{ name: walked.name }]);
  });

  it('are two where they are of another type or path, and the smaller one of the walk is left out', () => {
    const other = { ...inSnapshots, path: ['app/src/audit.js', 'index (Array)'] };
    expect(combined([other], [walked])).toMatchObject([{ name: other.name }]);
    expect(combined([{ ...other, growthShare: 0.2 }], [walked])).toMatchObject([
      { name: walked.name, growthShare: 0.3 },
      { name: other.name, growthShare: 0.2 },
    ]);
  });

  it('never account for more than the growth together', () => {
    const other = { ...inSnapshots, path: ['app/src/audit.js', 'index (Array)'], growthShare: 0.8 };
    const shares = combined([other], [{ ...walked, growthShare: 0.8 }]).map(({ growthShare }) => growthShare);
    expect(shares).toEqual([0.5, 0.5]);
  });
});

it('a suspect of the walk is ruled out with what the snapshots rule out at its place', () => {
  const calls = aSuspect({ name: 'a.js › buckets[…].calls (900 entries in 10 Maps)', type: 'Map' });
  const reason = { code: 'turns-over' as const, cameBytes: 2e6, wentBytes: 1e6 };
  const seen = { ...calls, name: 'app/a.js › buckets[5].calls (Map, 90 entries)', reason };
  expect(ruledOutByBoth([calls], [seen])).toEqual({ suspects: [], ruledOut: [{ ...calls, reason }] });
  const other = { ...seen, name: 'app/a.js › groups[5].calls (Map, 90 entries)' };
  expect(ruledOutByBoth([calls], [other])).toEqual({ suspects: [calls], ruledOut: [other] });
});

it('memory between two snapshots gained what these show, where a timer dropped something in the last moment', () => {
  const none = { code: 'nothing-grew' as const, beforeBytes: 20.2e6, afterBytes: 19.7e6 };
  const gained = { liveBytes: 1e6, externalBytes: 0 };
  expect(gainedBetween([none], gained)).toBeCloseTo(-0.5e6, 0);
  expect(gainedBetween([], gained)).toBe(1e6);
  // External memory is not in the heap of a snapshot.
  expect(gainedBetween([none], { liveBytes: 3e6, externalBytes: 3e6 })).toBeCloseTo(2.5e6, 0);
});
