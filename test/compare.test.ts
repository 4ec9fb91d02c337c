import { mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git } from '../src/versions/git.js';
import { startCommand } from './support/command.js';
import { startedRepository } from './support/repository.js';
import { until } from './support/until.js';

const SERVICE = `${process.execPath} ${resolve('test/support/targets/version.mjs')}`;
const URL = 'http://127.0.0.1:{port}/orders/{n}';

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** Whether a process runs: a zombie does not. */
async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return !/^State:\s*Z/m.test(status);
}

describe('leak-lab compare', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-compare-test-')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    [[], /nothing to send: pass --url/],
    [['--url', URL], /two versions are needed/],
    [['--before', 'x', '--after', 'y', '--url', URL, '--replay', 'f'], /--url and --replay both say/],
    [['--before', 'x', '--before-ref', 'main', '--url', URL], /pass one or the other/],
    [['--before-ref', 'main', '--url', URL], /refs need --start/],
    [['--after-ref', 'main', '--start', 'x', '--url', URL], /--after-ref needs --before-ref/],
    [['--before', 'x', '--after', 'y', '--url', URL, '--ignore-field', 'a..b'], /must be a path in JSON/],
    [['--before', 'x', '--after', 'y', '--url', URL, '--comparer', 'none.mjs'], /cannot load the comparer/],
    [['--before', 'echo no port; exit 3', '--after', 'y', '--url', URL], /exit code 3.*\nno port\n.*PORT/],
  ] as [string[], RegExp][])('refuses %j', async (args, said) => {
    const { ended } = startCommand(['compare', ...args]);
    const { code, out, err } = await ended;
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll(/\n$/g, '')).toMatch(said);
  });

  it('interrupted by Ctrl-C leaves no process, worktree or file behind', { timeout: 60_000 }, async () => {
    await startedRepository(folder);
    await writeFile(
      join(folder, 'start.sh'),
      `echo $$ >> ${folder}/pids\n${SERVICE} & echo $! >> ${folder}/pids\nwait\n`,
    );
    await writeFile(join(folder, '.gitignore'), 'pids\n');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '--quiet', '-m', 'One');
    const args = ['compare', '--before-ref', 'HEAD', '--start', 'sh start.sh', '--url', URL];
    const { child, ended } = startCommand(args, { cwd: folder });
    const pids = async (): Promise<number[]> =>
      (await exists(join(folder, 'pids')))
        ? (await readFile(join(folder, 'pids'), 'utf8')).trim().split('\n').map(Number)
        : [];
    await until(async () => (await pids()).length === 4);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect([code, err]).toEqual([130, 'leak-lab: interrupted\n']);
    for (const pid of await pids()) expect(await runs(pid), String(pid)).toBe(false);
    expect((await git(folder, 'worktree', 'list')).split('\n')).toHaveLength(1);
    expect(await git(folder, 'status', '--porcelain')).toBe('');
  });
});
