import { describe, expect, it } from 'vitest';
import { joinAlike } from '../src/kit/diagnosis/snapshots/alike.js';
import { aSuspect } from './support/diagnoses.js';

const ofTenant = (key: string, entries: number) =>
  aSuspect({
    name: `app.js › tenants${key} (Map, ${entries.toLocaleString('en')} entries)`,
    path: ['app.js', `tenants${key} (Map)`],
    type: 'Map',
    entries,
    retainedBytes: 100 * entries,
    gainedBytes: 50 * entries,
    growthShare: 0.2,
    inSnapshots: [
      { entries: entries / 2, retainedBytes: 50 * entries },
      { entries, retainedBytes: 100 * entries },
    ],
  });

describe('containers that differ in nothing but a key', () => {
  it.each([
    ['["north"]', '["a \\"b\\""]', '["south"]'],
    ['[entry 0]', '[entry 1]', '[entry 2]'],
    ['[0]', '[1]', '[2]'],
  ])('are one suspect: %s, %s, %s', (...keys) => {
    const other = aSuspect({ name: 'app.js › log (Array, 9 entries)' });
    const [joined, ...others] = joinAlike([...keys.map((key, at) => ofTenant(key, 1_000 * (at + 1))), other]);
    expect(joined).toMatchObject({
      name: 'app.js › tenants[…] (6,000 entries in 3 Maps)',
      path: ['app.js', 'tenants[…] (Map)'],
      entries: 6_000,
      retainedBytes: 600_000,
      gainedBytes: 300_000,
      inSnapshots: [
        { entries: 3_000, retainedBytes: 300_000 },
        { entries: 6_000, retainedBytes: 600_000 },
      ],
    });
    expect(joined?.growthShare).toBeCloseTo(0.6);
    expect(others).toEqual([other]);
  });

  it('are not those that have the same name and no key', () => {
    const same = [1, 2, 3].map(() => aSuspect({ name: 'allocated by find at app.js:4' }));
    expect(joinAlike(same)).toEqual(same);
  });

  it('stay apart where there are two, or their classes differ', () => {
    const two = [ofTenant('["north"]', 10), ofTenant('["south"]', 10)];
    expect(joinAlike(two)).toEqual(two);
    const third = { ...ofTenant('["west"]', 10), name: 'app.js › tenants["west"] (Set, 10 entries)' };
    expect(joinAlike([...two, third])).toEqual([...two, third]);
  });
});
