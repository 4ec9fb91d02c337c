import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { load } from './support/load.js';
import { schemaErrors } from './support/schema.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-dies-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('load reports the verdict, the samples and the death of a service that dies under load', async () => {
  const service = await startService(['leaky'], ['--max-old-space-size=64']);
  const json = join(folder, 'dies.json');
  const { code, out, err } = await load(
    '--url',
    `${service.url}/users/random`,
    '--requests',
    '120000',
    '--json',
    json,
  );
  expect(code).toBe(2);
  expect(err).toMatch(/^leak-lab: process \d+ died after [\d,]+ requests\. .*\[LEAK_LAB_DIED\]\n$/);
  expect(out).toContain('leaky: LEAK, 99.');
  const written = JSON.parse(await readFile(json, 'utf8'));
  expect(await schemaErrors('load', written)).toEqual([]);
  const { rows, verdict, problem } = written;
  expect(rows.at(-1).heapUsedBytes).toBeGreaterThan(40e6);
  expect(verdict.kind).toBe('leak');
  expect(problem.code).toBe('LEAK_LAB_DIED');
  expect(service.errorOutput()).toMatch(/heap out of memory/);
  expect(await service.stop()).toBeNull();
});
