import { expect, it } from 'vitest';
import { readCases } from './corpus/case.js';
import { diagnoseCase } from './corpus/diagnose-case.js';

/** One of each sort; all of them are `npm run corpus`. */
it.each(['mem-max-age', 'lru-filling'])('%s of the corpus is diagnosed right', async (name) => {
  const [one] = readCases([name]);
  const { isRight, printed } = await diagnoseCase(one!, 'diagnose');
  expect(isRight, printed).toBe(true);
});
