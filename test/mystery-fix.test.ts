import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mystery, startMystery } from './support/mystery.js';
import { until } from './support/until.js';

let temporary: string;
beforeEach(async () => {
  temporary = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-mystery-test-')));
});
afterEach(() => rm(temporary, { recursive: true }));

it('--fix writes the source of a mystery, and says where it is and how to go on', async () => {
  const { code, out } = await mystery(['--seed', '4', '--fix'], temporary);
  const folder = join(temporary, 'leak-lab-mystery-4');
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(
    ['main.ts', 'node_modules', 'order.ts', 'package.json', 'service.ts', 'tsconfig.json'].toSorted(),
  );
  for (const said of [
    `edit    ${folder}/service.ts`,
    `cd ${folder} && npm start`,
    `npm run mystery -- --check ${folder}`,
    'npm run mystery -- --seed 4 --hint 1',
    `rm -r ${folder}`,
  ])
    expect(out).toContain(said);
});

it('the service in the folder starts with npm start, and ends at Ctrl-C', async () => {
  const folder = join(temporary, 'mine');
  await mystery(['--seed', '12', '--fix', '--folder', folder]);
  const child = spawn('npm', ['start'], { cwd: folder, detached: true, env: { ...process.env, PORT: '0' } });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  await until(() => /http:\S+/.test(out) || child.exitCode !== null);
  const [url = ''] = /http:\S+/.exec(out) ?? [];
  expect(await (await fetch(url)).json()).toMatchObject({ cents: expect.any(Number) });
  process.kill(-child.pid!, 'SIGINT');
  await once(child, 'close');
  await expect(fetch(url)).rejects.toThrow();
});

it('--fix writes over no file, whoever wrote it', async () => {
  const folder = join(temporary, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'service.ts'), '// my work\n');
  const { code, err } = await mystery(['--fix', '--folder', folder]);
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/^leak-lab: .*mine has files already.*--folder DIR/),
  ]);
  expect(await readdir(folder)).toEqual(['service.ts']);
  expect(await readFile(join(folder, 'service.ts'), 'utf8')).toBe('// my work\n');
});

it('--hint prints more with each number', async () => {
  const hints = await Promise.all(['1', '2', '3'].map((hint) => mystery(['--seed', '12', '--hint', hint])));
  expect(hints.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(hints.map(({ out }) => out)).toEqual([
    expect.stringContaining('The heap grows by one element per request.'),
    expect.stringContaining('keeps recent requests for debugging, and never removes one'),
    expect.stringMatching(/^Line 15 of [^]*this\.entries\.push[^]*The pattern is audit-log\./),
  ]);
});

/** What a command says that could not do its work. */
async function refused(args: string[]): Promise<string> {
  const { code, out, err } = await mystery(args);
  expect([code, out]).toEqual([2, '']);
  return err;
}

it('refuses what it cannot check, and says why', async () => {
  const folder = join(temporary, 'mine');
  await mystery(['--seed', '4', '--fix', '--folder', folder]);
  expect(await refused(['--check', temporary])).toContain('no folder with a service.ts of a mystery');
  expect(await refused(['--check', folder, '--seed', '5'])).toContain('is mystery 4, not 5');
  expect(await refused(['--check', folder, '--hint', '1'])).toContain('--check DIR and --hint N, not both');
  expect(await refused(['--folder', folder])).toContain('give --fix as well');
  expect(await refused(['--hint', '1'])).toContain('--seed N is missing');
  expect(await refused(['--hint', '4', '--seed', '1'])).toContain('--hint must be');

  await writeFile(join(folder, 'package.json'), JSON.stringify({ mystery: { seed: 4, source: 'old' } }));
  expect(await refused(['--check', folder])).toContain('made by another version of leak-lab');
});

it('a service that does not compile is not judged, and nothing temporary stays', async () => {
  const folder = join(temporary, 'mine');
  const own = join(temporary, 'temporary');
  await mkdir(own);
  await mystery(['--seed', '4', '--fix', '--folder', folder]);
  await appendFile(join(folder, 'service.ts'), 'const broken: number = "text";\n');
  const { code, err } = await mystery(['--check', folder], own);
  expect(code).toBe(2);
  expect(err).toMatch(/the build failed[^]*service\.ts\(16,7\): error TS2322/);
  expect(await readdir(own)).toEqual([]);
});

/** The processes that a process has started. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .filter((line) => new RegExp(`^ *\\d+ +${pid} .*main\\.js`).test(line))
    .map((line) => Number.parseInt(line, 10));
}

it('a check that is interrupted leaves no process and no temporary file, and the work of the learner', async () => {
  const folder = join(temporary, 'mine');
  const own = join(temporary, 'temporary');
  await mkdir(own);
  await mystery(['--seed', '4', '--fix', '--folder', folder]);
  const before = await readFile(join(folder, 'service.ts'), 'utf8');
  const child = startMystery(['--check', folder], own);
  const err = text(child.stderr);
  let services: number[] = [];
  await until(async () => {
    services = await childrenOf(child.pid!);
    return services.length === 2 || child.exitCode !== null;
  });
  expect(services).toHaveLength(2);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(await err).toBe('leak-lab: interrupted\n');
  for (const pid of services) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(await readdir(own)).toEqual([]);
  expect(await readFile(join(folder, 'service.ts'), 'utf8')).toBe(before);
});
