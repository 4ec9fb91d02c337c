import { expect, it } from 'vitest';
import { page } from '../src/cli/diagnosis-page.js';
import { screen } from '../src/cli/diagnosis-screen.js';
import type { Diagnosis } from '../src/kit/diagnosis/index.js';
import { aDiagnosis } from './support/diagnoses.js';

const withLedger: Diagnosis = {
  ...aDiagnosis(),
  outside: {
    memory: [{ kind: 'malloc', firstRssBytes: 2e6, lastRssBytes: 24e6, lastPssBytes: 23e6 }],
    malloc: {
      first: { inUseBytes: 2e6, freeBytes: 1e6, blocks: 10 },
      last: { inUseBytes: 22e6, freeBytes: 2e6, blocks: 900 },
    },
    growths: [
      { code: 'files', first: 20, last: 8_020, kind: 'leak', perWork: { estimate: 1, low: 1, high: 1 } },
      { code: 'pipes', first: 11, last: 11, kind: 'bounded', perWork: { estimate: 0, low: 0, high: 0 } },
    ],
  },
};

it('the screen says in a sentence what grew outside the heap', () => {
  const text = screen(withLedger).join(' ');
  expect(text).toContain("Outside V8's heap: open files 20 to 8,020. Of malloc, 22.0 MB are in use");
  expect(text).not.toContain('open pipes');
});

it('the page has the whole ledger as tables', async () => {
  const html = await page(withLedger, new Date(0));
  expect(html).toContain('<td>open files</td><td>leak</td><td class="number">20</td>');
  expect(html).toContain('<td>open pipes</td><td>bounded</td>');
  expect(html).toMatch(/<td>malloc<\/td><td class="number">2.0 MB<\/td><td class="number">24.0 MB<\/td>/);
});
