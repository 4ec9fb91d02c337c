import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { load } from './support/load.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-filling-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('load goes on until a cache with a bound is full, and then reports bounded', async () => {
  const service = await startService(['--max-entries', '12000']);
  const json = join(folder, 'filling.json');
  const { code } = await load('--url', `${service.url}/users/random`, '--requests', '5000', '--json', json);
  await service.stop();
  const { rows, verdict } = JSON.parse(await readFile(json, 'utf8'));
  expect([code, verdict.kind]).toEqual([0, 'bounded']);
  expect(rows.at(-1).requests).toBeGreaterThan(12_000);
});

it('load reports unsettled and the reason when --max-requests ends it before the cache is full', async () => {
  const service = await startService(['--max-entries', '12000']);
  const flags = ['--url', `${service.url}/users/random`, '--requests', '4000', '--max-requests', '5000'];
  const { code, out } = await load(...flags);
  await service.stop();
  expect(code).toBe(2);
  expect(out).toMatch(/UNSETTLED\nA container with a declared bound is still filling/);
});
