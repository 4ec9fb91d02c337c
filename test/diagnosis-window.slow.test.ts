import { afterEach, expect, it } from 'vitest';
import { diagnoseTarget, startTarget } from './support/targets.js';

let stop = (): void => {};
afterEach(() => stop());

/** The same code, with a window that passes while it is watched, and with one of a year. */
it.each([
  [12_000, 'unsettled'],
  [365 * 86_400_000, 'leak'],
])('what requests remove after %i ms is %s', async (keep, expected) => {
  const { child, ...target } = await startTarget('window.cjs');
  stop = () => child.kill();
  const watched = { path: `/?keep=${keep}`, agesMs: 30_000 };
  const { diagnosis, errors } = await diagnoseTarget(target, undefined, watched);
  expect(diagnosis.verdict?.kind).toBe(expected);
  expect(diagnosis.suspects.map(({ name }) => name)).toEqual(
    expected === 'leak' ? [expect.stringMatching(/window\.cjs › seen \(Map/)] : [],
  );
  expect(errors).toBe(0);
});
