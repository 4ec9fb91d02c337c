import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ComparisonJson } from '../src/kit/compare/index.js';
import { git } from '../src/versions/git.js';
import { startCommand } from './support/command.js';
import { startedRepository } from './support/repository.js';

const SERVICE = `${process.execPath} ${resolve('test/support/targets/version.mjs')}`;

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-compare-test-')));
  await startedRepository(folder);
});
afterEach(() => rm(folder, { recursive: true }));

/** Commits a version of the service that is started with these flags. */
async function commit(flags: string): Promise<void> {
  await writeFile(join(folder, 'start.sh'), `exec ${SERVICE} ${flags}\n`);
  await git(folder, 'add', '.');
  await git(folder, 'commit', '--quiet', '--message', flags || 'fixed');
}

it('a fix is called fixed, with the suspect that is gone', { timeout: 300_000 }, async () => {
  await commit('--orders');
  await commit('');
  const [json, markdown] = [join(folder, 'comparison.json'), join(folder, 'comparison.md')];
  const refs = ['--before-ref', 'HEAD~1', '--start', 'sh start.sh', '--json', json, '--markdown', markdown];
  const { ended } = startCommand(['compare', ...refs, '--url', 'http://127.0.0.1:{port}/orders/{n}'], {
    cwd: folder,
  });
  const { code, out } = await ended;
  expect(out).toMatch(/^FIXED \(9\d\.\d % sure\)/);
  expect(code).toBe(0);
  const { verdict, suspects, answers } = JSON.parse(await readFile(json, 'utf8')) as ComparisonJson;
  expect(verdict).toMatchObject({ kind: 'fixed', reasonCode: 'leak-gone' });
  expect(suspects.gone).toEqual([expect.stringMatching(/version\.mjs › orders \(Map/)]);
  expect(answers).toMatchObject({ kind: 'same', different: 0 });
  expect(await readFile(markdown, 'utf8')).toMatch(
    /^## ✅ Memory: FIXED .*\n[^]*\| memory \| leak \| bounded \|/,
  );
});
