import { expect, it } from 'vitest';
import { readCases } from './corpus/case.js';

const cases = readCases([]);

it('has leaks that others found, and healthy services to be taken in by', () => {
  const leaking = cases.filter((one) => one.verdict === 'leak');
  expect(leaking.length).toBeGreaterThanOrEqual(12);
  expect(cases.length - leaking.length).toBeGreaterThanOrEqual(12);
  for (const { name, source } of leaking) {
    expect(source.length, name).toBeGreaterThan(0);
    for (const one of source) expect(one, name).toMatch(/^https:\/\//);
  }
});

it('pins every package: a leak belongs to a version', () => {
  for (const { name, says, dependencies } of cases) {
    expect(says, name).not.toBe('');
    for (const version of Object.values(dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

it('says which cases there are when asked for another', () => {
  expect(() => readCases(['lodash'])).toThrow(/no case lodash; there are .*mem-max-age/);
});
