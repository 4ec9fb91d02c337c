import { expect, it } from 'vitest';
import { readCases } from './corpus/case.js';
import { diagnoseCase } from './corpus/diagnose-case.js';

/** One leak and one healthy service; `npm run corpus` runs all of them. */
it.each(['mem-max-age', 'lru-filling'])('the diagnosis of case %s of the corpus is right', async (name) => {
  const [one] = readCases([name]);
  const { isRight, printed } = await diagnoseCase(one!, 'diagnose');
  expect(isRight, printed).toBe(true);
});
