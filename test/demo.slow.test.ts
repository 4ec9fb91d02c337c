import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demo, groupRuns } from './support/demo.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('the demo finds a leak in leaky mode and none in fixed mode, and draws both curves on one page', async () => {
  const { child, ended } = demo('--requests', '20000', '--report', folder);
  const { code, out, err } = await ended;
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/│ leaky +│ fixed/);
  expect(out).toMatch(/LEAK, 99\.\d % sure[^]*BOUNDED, 9\d\.\d % sure/);
  expect(groupRuns(child.pid!)).toBe(false);
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  expect(page).toMatch(/First suspect: .*LeakyUserCache\.users .*entries\)/);
  expect(page.match(/class="curve (leaky|fixed)/g)).toEqual([
    'class="curve leaky',
    'class="curve leaky',
    'class="curve fixed',
    'class="curve fixed',
  ]);
});
