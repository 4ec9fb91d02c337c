import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DiagnosisJson } from '../src/kit/diagnosis/index.js';
import { startCommand } from './support/command.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-cluster-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The primary does none of the work: measured alone, it is always bounded. */
async function diagnosed(leak: boolean): Promise<{ code: number | null; json: DiagnosisJson }> {
  const { LEAK: _, ...env } = process.env;
  const primary = spawn(process.execPath, ['test/support/targets/cluster.mjs'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: leak ? { ...env, LEAK: '1' } : env,
  });
  try {
    const [port] = (await once(primary.stdout, 'data')) as [Buffer];
    const file = join(folder, `${leak}.json`);
    const url = `http://127.0.0.1:${String(port).trim()}/orders/{n}`;
    const { code } = await startCommand([
      'diagnose',
      '--pid',
      String(primary.pid),
      '--url',
      url,
      '--json',
      file,
    ]).ended;
    return { code, json: JSON.parse(await readFile(file, 'utf8')) as DiagnosisJson };
  } finally {
    primary.kill('SIGTERM');
    await once(primary, 'exit');
  }
}

it('a cluster whose workers leak is a leak, with each worker in a row, by the pid of its primary', async () => {
  const { code, json } = await diagnosed(true);
  expect(json.verdict?.kind).toBe('leak');
  expect(code).toBe(1);
  expect(json.processes?.filter(({ verdict }) => verdict?.kind === 'leak')).toHaveLength(3);
  expect(json.suspects[0]).toMatchObject({ type: 'Array', name: expect.stringContaining('lines') });
});

it('a cluster whose workers keep nothing is not called a leak', async () => {
  const { code, json } = await diagnosed(false);
  expect(json.verdict?.kind).not.toBe('leak');
  expect(code).not.toBe(1);
  expect(json.processes).toHaveLength(4);
});
