import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BisectJson } from '../src/cli/bisect-words.js';
import { git } from '../src/versions/git.js';
import { startCommand } from './support/command.js';
import { startedRepository } from './support/repository.js';
import { schemaErrors } from './support/schema.js';

/** Installs the one package, at the version in the lock file. */
const INSTALL = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
mkdirSync('node_modules/store', { recursive: true });
writeFileSync('node_modules/store/package.json', '{ "type": "module", "main": "index.js" }');
writeFileSync('node_modules/store/index.js', 'export const version = ' + readFileSync('package-lock.json') + ';');
`;
const BUILD = `import { cpSync } from 'node:fs';\ncpSync('src', 'dist', { recursive: true });\n`;
/** A service that starts only with the version of its package that it was written for. */
const server = (store: number, asks = ''): string => `
import { createServer } from 'node:http';
import { version } from 'store';
if (version !== ${store}) throw new Error('this is for version ${store} of the store');
const asked = [];
createServer((request, response) => {
  ${asks}
  response.end(request.url);
}).listen(process.env.PORT, '127.0.0.1');
`;
const REMEMBERS = 'asked.push({ url: request.url, at: new Date() });';

/** What each commit changes. */
const HISTORY: [subject: string, files: Record<string, string>][] = [
  [
    'Serve',
    {
      '.gitignore': 'dist\nnode_modules\n',
      'package.json': '{ "type": "module" }',
      'package-lock.json': '1',
      'install.js': INSTALL,
      'build.js': BUILD,
      'src/server.js': server(1),
    },
  ],
  ['Update the store', { 'package-lock.json': '2', 'src/server.js': server(2) }],
  ['Break the build', { 'build.js': 'cpSync(' }],
  ['Mend the build', { 'build.js': BUILD }],
  ['Remember who asks', { 'src/server.js': server(2, REMEMBERS), 'README.md': 'It remembers.' }],
  ['Update the store again', { 'package-lock.json': '3', 'src/server.js': server(3, REMEMBERS) }],
];

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-bisect-test-')));
});
afterEach(() => rm(folder, { recursive: true }));

it('the commit that began to leak is found past a build that fails, with the packages of each lock file', async () => {
  const repository = join(folder, 'repository');
  await mkdir(join(repository, 'src'), { recursive: true });
  await startedRepository(repository);
  for (const [subject, files] of HISTORY) {
    for (const [file, text] of Object.entries(files)) await writeFile(join(repository, file), text);
    await git(repository, 'add', '.');
    await git(repository, 'commit', '--quiet', '-m', subject);
  }
  // The packages of the latest commit are installed; its copy links to them.
  await mkdir(join(repository, 'node_modules/store'), { recursive: true });
  await writeFile(
    join(repository, 'node_modules/store/package.json'),
    '{ "type": "module", "main": "index.js" }',
  );
  await writeFile(join(repository, 'node_modules/store/index.js'), 'export const version = 3;');

  const json = join(folder, 'bisect.json');
  const options = [
    '--install',
    'node install.js',
    '--build',
    'node build.js',
    '--start',
    'node dist/server.js',
  ];
  const { code, out, err } = await startCommand(
    ['bisect', '--good', 'HEAD~5', ...options, '--url', 'http://127.0.0.1:{port}/{n}', '--json', json],
    { cwd: repository, env: { ...process.env, TMPDIR: folder } },
  ).ended;
  expect([code, err]).toEqual([0, '']);
  const steps = Array.from(out.matchAll(/^(leak|bounded|skipped) +\w+ (.*?):/gm), ([, kind, subject]) => [
    kind,
    subject,
  ]);
  expect(steps).toEqual([
    ['leak', 'Update the store again'],
    ['skipped', 'Break the build'],
    ['bounded', 'Mend the build'],
    ['leak', 'Remember who asks'],
  ]);
  expect(out).toMatch(/^The leak began with \w+ Remember who asks$/m);
  expect(out).toContain('3 commits measured, 1 skipped.');

  const bisected = JSON.parse(await readFile(json, 'utf8')) as BisectJson;
  expect(await schemaErrors('bisect', bisected)).toEqual([]);
  expect(bisected.suspects).toEqual([expect.stringMatching(/server\.js › asked \(Array/)]);
  expect(bisected.files).toEqual(['README.md', 'src/server.js']);
  expect(bisected.suspectFiles).toEqual(['src/server.js']);
  expect(bisected.found?.first.growthRate?.low).toBeGreaterThan(50);
  expect(bisected.found?.parent.growthRate?.high).toBeLessThan(50);

  expect((await git(repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
  expect(await git(repository, 'status', '--porcelain')).toBe('');
});
