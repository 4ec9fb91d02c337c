import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demo, groupRuns } from './support/demo.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['while the service starts', 600],
  ['under load', 3_000],
])('leaves nothing behind when Ctrl-C ends it %s', async (_when, afterMs) => {
  const report = join(folder, `interrupted-${afterMs}`);
  const { child, ended } = demo('--report', report);
  await sleep(afterMs);
  process.kill(-child.pid!, 'SIGINT');
  const { code, err } = await ended;
  // A program that is not up yet is ended by the signal itself.
  expect([130, null]).toContain(code);
  if (code === 130) expect(err).toContain('leak-lab: interrupted\n');
  await sleep(100);
  expect(groupRuns(child.pid!)).toBe(false);
  expect(await readdir(folder)).not.toContain(`interrupted-${afterMs}`);
});

it('stops the service when it is ended by itself, as by a supervisor', async () => {
  const { child, ended } = demo('--report', folder);
  await sleep(3_000);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(130);
  expect(groupRuns(child.pid!)).toBe(false);
});

it.each(['SIGHUP', 'SIGKILL'] as const)('leaves no service behind when %s ends it', async (signal) => {
  const { child, ended } = demo('--report', folder);
  await sleep(3_000);
  child.kill(signal);
  await ended;
  for (let wait = 0; wait < 50 && groupRuns(child.pid!); wait += 1) await sleep(100);
  expect(groupRuns(child.pid!)).toBe(false);
});
