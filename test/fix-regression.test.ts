import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testText } from '../src/cli/fix-test-text.js';
import { isAlive } from '../src/kit/process/alive.js';
import { until } from './support/until.js';

const SERVER = `import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
createServer((_, response) => setTimeout(() => response.end('1'), 50)).listen(Number(process.env.PORT), '127.0.0.1');
writeFileSync('pid', String(process.pid));
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-fix-regression-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(process.cwd(), join(folder, 'node_modules/leak-lab'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'server.js'), SERVER);
});
afterEach(() => rm(folder, { recursive: true }));

it.each(['SIGTERM', 'SIGINT'] as const)(
  'the test that fix adds leaves no service behind where it is ended by %s',
  async (signal) => {
    const requests = {
      url: ['http://127.0.0.1:{port}/'],
      method: 'GET',
      body: undefined,
      header: [],
      replay: undefined,
    };
    const text = testText({
      runner: 'node:test',
      start: 'node server.js',
      requests,
      grows: null,
      file: 'leak.test.mjs',
    });
    await writeFile(join(folder, 'leak.test.mjs'), text);
    const test = spawn('node', ['--test', 'leak.test.mjs'], {
      cwd: folder,
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: '' },
    });
    const ended = once(test, 'close');
    let pid = 0;
    await until(async () => {
      pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''));
      return pid > 0;
    });
    expect(isAlive(pid)).toBe(true);
    process.kill(-Number(test.pid), signal);
    await ended;
    await until(() => !isAlive(pid));
    expect(isAlive(pid)).toBe(false);
  },
);
