import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git } from '../src/versions/git.js';
import { accepts } from '../src/versions/start.js';
import { type Command, type Ended, startCommand } from './support/command.js';
import { startedRepository } from './support/repository.js';
import { until } from './support/until.js';

/** Leaks, and notes in the file MARKS which of its requests it answers. */
const SERVICE = `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
const kept = [];
createServer((request, response) => {
  kept.push([kept.length + 0.5]);
  if (kept.length === 1 || kept.length === 1_000)
    appendFileSync(process.env.MARKS, \`request \${kept.length} on \${process.env.PORT}\\n\`);
  response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
/** Notes that it runs, and never ends where it is the one to hold. It leaves a child in the background as well. */
const step = (name: string): string =>
  `sleep 600 & echo ${name} >> "$MARKS"; [ "$HOLD" != ${name} ] || { trap '' TERM; sleep 600; }; kill $!`;

const COMMANDS = {
  install: step('install'),
  build: step('build'),
  start: `[ "$HOLD" != start ] || { echo start >> "$MARKS"; sleep 600; }; node service.mjs`,
};
const OPTIONS = [
  ...Object.entries(COMMANDS).flatMap(([name, command]) => [`--${name}`, command]),
  '--url',
  'http://127.0.0.1:{port}/orders/{n}',
];
const COMPARE = ['compare', '--before-ref', 'HEAD~1', ...OPTIONS];
const BISECT = ['bisect', '--good', 'HEAD~2', ...OPTIONS];

/** As a terminal does at Ctrl-C: the command gets the signal, and so does a git that it runs. */
function interrupt({ child }: Command): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
}

describe('leak-lab compare and bisect, interrupted', () => {
  let repository: string;
  let temporary: string;
  let marks: string;
  beforeEach(async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-interrupted-test-')));
    [repository, temporary, marks] = ['repository', 'tmp', 'marks'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await mkdir(repository);
    await mkdir(temporary);
    await writeFile(marks, '');
    await startedRepository(repository);
    for (const version of ['one', 'two', 'three']) {
      await writeFile(join(repository, 'service.mjs'), SERVICE);
      await writeFile(join(repository, 'package-lock.json'), version);
      await git(repository, 'add', '.');
      await git(repository, 'commit', '--quiet', '-m', version);
    }
    await writeFile(join(repository, 'package-lock.json'), 'not committed'); // no version has this one
  });
  afterEach(() => rm(join(repository, '..'), { recursive: true }));

  const marked = (): Promise<string> => readFile(marks, 'utf8');

  function started(args: string[], hold = ''): Command {
    const env = { ...process.env, HOLD: hold, MARKS: marks, TMPDIR: temporary };
    return startCommand(args, { cwd: repository, env, detached: true });
  }

  async function expectNothingLeft({ code, err }: Ended): Promise<void> {
    // Before it can be interrupted, the signal itself ends it.
    if (code !== null) expect([code, err]).toEqual([130, 'leak-lab: interrupted\n']);
    expect(await readdir(temporary)).toEqual([]);
    expect((await git(repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
    expect((await git(repository, 'status', '--porcelain')).trim()).toBe('M package-lock.json');
    expect(await git(repository, 'branch', '--list')).toBe('* main');
    expect(processesWith(marks)).toEqual([]);
    for (const [, port] of (await marked()).matchAll(/ on (\d+)$/gm))
      expect(await accepts(Number(port)), `port ${port}`).toBe(false);
  }

  it.each([
    ['compare: the installation', COMPARE, 'install', /install/],
    ['compare: the build', COMPARE, 'build', /build/],
    ['compare: the start', COMPARE, 'start', /start/],
    ['compare: the first request', COMPARE, '', /request 1 on/],
    ['compare: the rounds', COMPARE, '', /(request 1000 on[^]*){2}/],
    ['bisect: the installation', BISECT, 'install', /install/],
    ['bisect: the build', BISECT, 'build', /build/],
    ['bisect: the rounds', BISECT, '', /request 1000 on/],
  ])('during %s leave no process, worktree, port or changed file behind', async (_, args, hold, mark) => {
    const command = started(args, hold);
    await until(async () => mark.test(await marked()) || command.child.exitCode !== null);
    expect(await readdir(temporary)).toHaveLength(1);
    if (process.platform === 'linux') expect(processesWith(marks).length).toBeGreaterThan(1);
    interrupt(command);
    await expectNothingLeft(await command.ended);
  });

  it.each([0, 150, 300, 450, 600, 800, 1_000, 1_300, 1_700, 2_500])(
    'after %i ms leave nothing behind',
    async (ms) => {
      const command = started(ms % 100 === 0 ? COMPARE : BISECT);
      await sleep(ms);
      interrupt(command);
      await expectNothingLeft(await command.ended);
    },
  );

  it('twice during a build that ignores the first, leave nothing behind', async () => {
    const command = started(COMPARE, 'build');
    await until(async () => /build/.test(await marked()));
    interrupt(command);
    await sleep(500);
    interrupt(command);
    const { code } = await command.ended;
    await expectNothingLeft({ code, out: '', err: 'leak-lab: interrupted\n' });
  });
});

/** Processes that were started with this text in their environment, on Linux; zombies have none. */
function processesWith(text: string): string[] {
  if (process.platform !== 'linux') return [];
  const found = execFileSync('sh', ['-c', 'grep -lsF -- "$0" /proc/[0-9]*/environ || true', text], {
    encoding: 'utf8',
  });
  return found.split('\n').filter(Boolean);
}
