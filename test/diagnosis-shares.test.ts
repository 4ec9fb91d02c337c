import { describe, expect, it } from 'vitest';
import { suspectsOf } from '../src/kit/diagnosis/model/context.js';
import type { GrownContainer } from '../src/kit/diagnosis/probe/index.js';
import { sharesThatAddUp } from '../src/kit/diagnosis/walk/shares.js';
import { rank } from '../src/kit/diagnosis/walk/suspects.js';
import { between, grown, source, step } from './support/walked.js';

/** Growth is 100,000 bytes, 100 per unit of work. */
function shared(...containers: Partial<GrownContainer>[]) {
  const all = containers.map((one, index) =>
    grown({ index, route: [step('variable', `store${index}`, 'Map', 'own')], ...one }),
  );
  const { ranking, notes } = sharesThatAddUp(rank(all, 0, between, source), between);
  return { ...suspectsOf(ranking), notes };
}
const namesOf = ({ suspects }: ReturnType<typeof shared>): string[] =>
  suspects.map(({ name }) => name.replace(/ \(.*/, '').replace(/.*› /, ''));
const sharesOf = ({ suspects }: ReturnType<typeof shared>): (number | null)[] =>
  suspects.map(({ growthShare }) => (growthShare === null ? null : Number(growthShare.toFixed(9))));

describe('the shares of the suspects', () => {
  it('are never more than the growth, nor is anything that is said of them', () => {
    const heavy = shared({ bytesPerEntry: 3_600, total: 1e6, entries: 1e6 });
    expect(heavy.suspects).toMatchObject([{ growthShare: 1, bytesPerWork: 100, retainedBytes: 100e6 }]);
    const two = shared({ bytesPerEntry: 90 }, { bytesPerEntry: 60 });
    expect(sharesOf(two)).toEqual([0.6, 0.4]);
    expect(two.suspects[1]!.bytesPerWork).toBeCloseTo(40);
  });

  it('are ranked again after they changed', () => {
    const found = shared({ bytesPerEntry: 70, overlaps: [] }, { bytesPerEntry: 95 });
    expect(namesOf(found)).toEqual(['store1', 'store0']);
  });

  it('count what two containers have for the larger one, and a second one that is left with little is none', () => {
    const overlaps = [{ index: 0, bytesPerEntry: 57 }];
    const indexes = shared({ bytesPerEntry: 90 }, { bytesPerEntry: 60, overlaps });
    expect(namesOf(indexes)).toEqual(['store0']);
    const slots = shared({ bytesPerEntry: 80 }, { bytesPerEntry: 67, overlaps });
    expect(sharesOf(slots)).toEqual([0.8, 0.1]);
  });

  it('leave a suspect what it has in common with something that is ruled out', () => {
    const nearby = { numbers: [{ name: 'max', value: 20_000 }], cleanupsMs: [], expiries: [], scripts: [] };
    const overlaps = [{ index: 0, bytesPerEntry: 50 }];
    const { suspects, ruledOut } = shared({ bytesPerEntry: 60, nearby }, { bytesPerEntry: 60, overlaps });
    expect(ruledOut).toHaveLength(1);
    expect(suspects).toMatchObject([{ growthShare: 0.5 }]); // together they are the growth
  });

  it('of light containers stay where no container is heavy', () => {
    const light = { bytesPerEntry: 1 };
    expect(sharesOf(shared(light, light))).toEqual([0.01, 0.01]);
  });
});

describe('the rest of the growth', () => {
  const ropes = { bytesPerEntry: 60, mostBytesPerEntry: 180, heldBytesPerEntry: 60 };

  it('belongs to the only suspect whose entries may take as much, and a note says what was seen', () => {
    const found = shared(ropes);
    expect(found.suspects).toMatchObject([{ growthShare: 1, bytesPerWork: 100, retainedBytes: 1e6 }]);
    expect(found.notes).toMatchObject([{ code: 'rest-of-entries', seen: 0.6 }]);
  });

  it('stays unexplained where its entries cannot take as much, or too little of them was seen', () => {
    expect(sharesOf(shared({ ...ropes, mostBytesPerEntry: 80 }))).toEqual([0.6]);
    expect(sharesOf(shared({ ...ropes, bytesPerEntry: 20 }))).toEqual([0.2]);
  });

  it('is what the others leave', () => {
    const found = shared(ropes, { bytesPerEntry: 20 });
    expect(sharesOf(found)).toEqual([0.8, 0.2]);
  });

  it('is not mentioned where it is little', () => {
    expect(shared({ ...ropes, bytesPerEntry: 98 }).notes).toEqual([]);
  });
});
