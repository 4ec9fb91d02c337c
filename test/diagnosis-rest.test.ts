import { describe, expect, it } from 'vitest';
import { withRestOfGrowth } from '../src/kit/diagnosis/rest-of-growth.js';
import type { GrownContainer } from '../src/kit/diagnosis/probe/index.js';
import { allocationSuspect } from '../src/kit/diagnosis/walk/allocation-suspect.js';
import { rank } from '../src/kit/diagnosis/walk/suspects.js';
import { allocation, between, grown, source, step } from './support/walked.js';

const place = { function: 'open', file: '/app/src/users.js', line: 8, column: 3 };
const site = allocationSuspect([allocation(94_000)], [place], between, source);
const arrows = [{ script: 'limiter', line: 7, column: 5 }];

function restOf(...containers: Partial<GrownContainer>[]) {
  const all = containers.map((one, index) => grown({ index, bytesPerEntry: 6, ...one }));
  const { suspects } = rank(all, 0, between, source);
  return withRestOfGrowth(
    suspects.map(({ suspect }) => suspect),
    suspects,
    site,
  );
}

describe('what the suspects leave of the growth', () => {
  it('is that of the only one, with an entry per request whose functions retain a `this` that is not shown', () => {
    const { suspects, notes } = restOf({ arrows });
    expect(suspects).toMatchObject([{ growthShare: 1, bytesPerWork: 100 }]);
    expect(notes).toMatchObject([{ code: 'rest-of-entries', seen: 0.06, because: 'lexical-this' }]);
  });

  it('is that of the allocation site, where entries hide nothing or come at another rate', () => {
    for (const other of [{}, { arrows, gained: 870 }]) {
      const { suspects, notes } = restOf(other);
      expect(suspects.map(({ growthShare }) => growthShare)[1]).toBeCloseTo(0.94);
      expect(notes).toEqual([]);
    }
  });

  it('is that of the allocation site, where there are two suspects', () => {
    const other = { route: [step('variable', 'list', 'Map', 'own')] };
    expect(restOf({ arrows }, { ...other, arrows }).suspects).toHaveLength(3);
  });
});

const route = (name: string) => [step('root', name, 'Array'), step('property', '_events', 'Object')];

describe('connections that are kept alive', () => {
  const few = { gained: 20, bytesPerEntry: 5_000 };

  it('are no suspect, nor is what is inside of them, while far more requests come over them', () => {
    for (const name of ['Socket', 'open handles of Socket', 'TLSSocket'])
      expect(rank([grown({ ...few, route: route(name) })], 0, between, source).suspects).toEqual([]);
  });

  it('are one where each request leaves one, and where the work is not counted in requests', () => {
    const leaking = grown({ route: [step('root', 'open handles of Socket', 'Array')], gained: 900 });
    expect(rank([leaking], 0, between, source).suspects).toHaveLength(1);
    const watched = { ...between, unit: 'second' as const };
    expect(rank([grown({ ...few, route: route('Socket') })], 0, watched, source).suspects).toHaveLength(1);
    expect(rank([grown({ ...few, route: route('Server') })], 0, between, source).suspects).toHaveLength(1);
  });
});

describe('the headline of an allocation site', () => {
  const inside = { ...place, function: 'compose', line: 20 };

  it('is the largest function that the handler of the request calls, not the handler', () => {
    const found = allocationSuspect(
      [allocation(50_000, true), allocation(30_000)],
      [place, inside],
      between,
      source,
    );
    expect(found).toMatchObject({ growthShare: 0.3, allocatedAt: [inside, place] });
    expect(found!.name).toContain('compose at src/users.js:20');
  });

  it('is the handler where what it calls allocates little', () => {
    const found = allocationSuspect(
      [allocation(90_000, true), allocation(11_000)],
      [place, inside],
      between,
      source,
    );
    expect(found!.name).toContain('open at src/users.js:8');
  });
});

it('several containers are said as entries in so many of them', () => {
  const inside = {
    containers: 11_366,
    total: 11_365,
    entries: 1,
    className: 'Array',
    kind: 'Array' as const,
  };
  const [only] = rank([grown({ ...inside, born: 0 })], 0, between, source).suspects;
  expect(only!.suspect.name).toContain('(11,365 entries in 11,366 Arrays)');
});
