import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demo, groupRuns, groupSize, UNDER_LOAD } from './support/demo.js';
import type { Command } from './support/command.js';
import { until } from './support/until.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

const moments: [when: string, reached: (command: Command, leader: number) => Promise<void>][] = [
  ['while the service starts', (_command, leader) => until(async () => (await groupSize(leader)) > 1)],
  ['under load', (command) => command.printed(UNDER_LOAD)],
];

describe('the demo', () => {
  it.each(moments)('leaves no process and no report behind when Ctrl-C ends it %s', async (when, reached) => {
    const report = `interrupted ${when}`;
    const command = demo('--report', join(folder, report));
    const leader = command.child.pid!;
    await reached(command, leader);
    process.kill(-leader, 'SIGINT');
    const { code, err } = await command.ended;
    expect([code, err]).toEqual([130, 'leak-lab: interrupted\n']);
    await until(() => !groupRuns(leader));
    expect(await readdir(folder)).not.toContain(report);
  });

  it('stops the service when SIGTERM ends the demo alone, as a supervisor does', async () => {
    const { child, ended, printed } = demo('--report', folder);
    await printed(UNDER_LOAD);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(130);
    expect(groupRuns(child.pid!)).toBe(false);
  });

  it.each(['SIGHUP', 'SIGKILL'] as const)('leaves no service behind when %s ends it', async (signal) => {
    const { child, ended, printed } = demo('--report', folder);
    await printed(UNDER_LOAD);
    child.kill(signal);
    await ended;
    await until(() => !groupRuns(child.pid!));
  });
});
