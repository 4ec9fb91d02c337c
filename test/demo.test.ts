import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

function demo(...args: string[]) {
  // A process group of its own, as a shell gives every command: Ctrl-C reaches all of it at once.
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'demo', ...args], { detached: true });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([[code], out, err]) => ({ code: code as number, out, err })) };
}

/** Whether any process of the group is left. */
function groupRuns(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

it('finds leaky leaking and fixed bounded, and draws both curves on one page', async () => {
  const { child, ended } = demo('--requests', '20000', '--report', folder);
  const { code, out, err } = await ended;
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/│ leaky +│ fixed/);
  expect(out).toMatch(/LEAK, 99\.\d % sure[^]*BOUNDED, 9\d\.\d % sure/);
  expect(groupRuns(child.pid!)).toBe(false);
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  expect(page.match(/class="curve (leaky|fixed)/g)).toEqual([
    'class="curve leaky',
    'class="curve leaky',
    'class="curve fixed',
    'class="curve fixed',
  ]);
});

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
