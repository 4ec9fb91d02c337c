import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { referencePages } from '../docs/reference.js';
import { about as console } from '../src/cli/console.js';
import { about as fix } from '../src/cli/fix.js';
import { about as bisect } from '../src/cli/bisect.js';
import { about as compare } from '../src/cli/compare.js';
import { about as demo } from '../src/cli/demo.js';
import { about as diagnose } from '../src/cli/diagnose.js';
import { about as gallery } from '../src/cli/gallery.js';
import { about as load } from '../src/cli/load.js';
import { about as mcp } from '../src/cli/mcp.js';
import { about as query } from '../src/cli/query.js';
import { about as record } from '../src/cli/record.js';
import { about as redact } from '../src/cli/redact.js';
import { about as snapshot } from '../src/cli/snapshot.js';
import { flagOf, type Options } from '../src/command/options.js';
import { problems } from '../src/kit/problem.js';
import { mysteryOptions } from '../src/mystery/quiz.js';
import { serviceOptions } from '../src/settings.js';

const readme = await readFile('README.md', 'utf8');
const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
const run = (...args: string[]) => promisify(execFile)(process.execPath, args);

it('the reference is what the code says, and nothing else is there: npm run docs writes it', async () => {
  const pages = referencePages();
  for (const [name, text] of Object.entries(pages))
    expect(await readFile(`docs/reference/${name}`, 'utf8'), name).toBe(text);
  expect((await readdir('docs/reference')).toSorted()).toEqual(Object.keys(pages).toSorted());
});

/** The scripts that the table of commands in the README lists. */
function commandsIn(page: string): string[] {
  const [, table = ''] = /## Commands\n([^]*?)\n## /.exec(page) ?? [];
  return Array.from(table.matchAll(/^\| (`[^|]+`) +\|/gm), ([, cell]) => cell!.match(/[a-z][\w:]*/g)!).flat();
}

it('README and CONTRIBUTING name npm scripts that exist, and together all that a reader would run', async () => {
  const pages = readme + (await readFile('CONTRIBUTING.md', 'utf8'));
  const typed = Array.from(pages.matchAll(/npm run ([a-z][\w:]*)/g), ([, script]) => script!);
  const listed = commandsIn(readme);
  expect(listed.length).toBeGreaterThan(10);
  const named = new Set([...typed, ...listed]);
  expect([...named].filter((script) => !(script in scripts))).toEqual([]);
  const unnamed = Object.keys(scripts).filter((script) => !named.has(script));
  expect(unnamed.filter((script) => !['start', 'build', 'prepack'].includes(script))).toEqual([]);
});

it('the README stays a front door: at most 140 lines and 10 kB', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(140);
  expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(10_000);
});

it('the README uses options that exist', () => {
  const known = new Set(
    [
      serviceOptions,
      mysteryOptions,
      load.options,
      diagnose.options,
      query.options,
      redact.options,
      snapshot.options,
      console.options,
      gallery.options,
      demo.options,
    ].flatMap((options: Options) => Object.keys(options).map(flagOf)),
  );
  const ofOthers = new Set([
    '--help',
    '--max-old-space-size',
    '--config', // of Prometheus
    '--heapsnapshot-signal',
    '--save',
    '--maxmemory',
    '--maxmemory-policy',
  ]);
  const used = new Set(Array.from(readme.matchAll(/(?<=[\s`])--[a-z][a-z-]+/g), ([flag]) => flag));
  expect([...used].filter((flag) => !known.has(flag) && !ofOthers.has(flag))).toEqual([]);
});

it('the README shows the tables of the demo side by side, and a diagnosis as the command prints it', () => {
  const shown = Array.from(readme.matchAll(/```text\n([^]*?)```/g), ([, text]) => text!);
  const [demo, diagnosis] = [shown[0] ?? '', shown[1] ?? ''];
  expect(demo).toMatch(/^ requests +│ +RSS MB +heap MB +cache entries/m);
  for (const stage of ['10,000', '20,000', '50,000', '100,000'])
    expect(demo).toContain(`\n ${stage.padStart(8)} `);
  expect(diagnosis).toMatch(/^LEAK, 99\.\d % sure\nMemory grew by \d+ bytes per request/);
  expect(diagnosis).toMatch(
    /^1\. UsersModule › LeakyUserCache\.users \(Map, [\d,]+ entries\)\n {3}\d+ % of the growth/m,
  );
  expect(diagnosis).toMatch(/^ {3}retained by {2}AppModule\n[^]*^ {3}allocated at [^]*^ {3}advice {7}/m);
});

it('the README links to files that exist', async () => {
  const links = Array.from(readme.matchAll(/\]\((?!http)([^)#]+)\)/g), ([, link]) => link!);
  expect(links.length).toBeGreaterThan(4);
  for (const link of links) await expect(stat(link), link).resolves.toBeDefined();
});

it.each([
  ['the service', ['dist/src/main.js'], serviceOptions],
  ['mystery', ['dist/src/mystery/mystery.js'], mysteryOptions],
  ['load', ['dist/src/cli/main.js', 'load'], load.options],
  ['diagnose', ['dist/src/cli/main.js', 'diagnose'], diagnose.options],
  ['query', ['dist/src/cli/main.js', 'query'], query.options],
  ['redact', ['dist/src/cli/main.js', 'redact'], redact.options],
  ['snapshot', ['dist/src/cli/main.js', 'snapshot'], snapshot.options],
  ['mcp', ['dist/src/cli/main.js', 'mcp'], mcp.options],
  ['console', ['dist/src/cli/main.js', 'console'], console.options],
  ['gallery', ['dist/src/cli/main.js', 'gallery'], gallery.options],
  ['compare', ['dist/src/cli/main.js', 'compare'], compare.options],
  ['fix', ['dist/src/cli/main.js', 'fix'], fix.options],
  ['bisect', ['dist/src/cli/main.js', 'bisect'], bisect.options],
  ['record', ['dist/src/cli/main.js', 'record'], record.options],
  ['demo', ['dist/src/cli/main.js', 'demo'], demo.options],
] as [string, string[], Options][])(
  '--help of %s names every option, an example and the exit codes',
  async (_name, program, options) => {
    const { stdout } = await run(...program, '--help');
    for (const [name, option] of Object.entries(options)) {
      expect(stdout).toContain(option.positional ? option.placeholder : flagOf(name));
    }
    const [, script] = /Examples?:\n {2}npm run (?:--silent )?([\w:]+)/.exec(stdout)!;
    expect(scripts).toHaveProperty([script!]);
    expect(stdout).toMatch(/Exit codes:\n {2}0 /);
  },
);

it('leak-lab lists its commands, and says which one it does not know', async () => {
  const { stdout } = await run('dist/src/cli/main.js', '--help');
  expect(stdout).toMatch(
    / {2}load .*\n {2}diagnose .*\n {2}query .*\n {2}snapshot .*\n {2}redact .*\n {2}compare .*\n {2}bisect .*\n {2}record .*\n {2}fix .*\n {2}ps .*\n {2}console .*\n {2}mcp .*\n {2}gallery .*\n {2}demo /,
  );
  await expect(run('dist/src/cli/main.js', 'lod')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/there is no command "lod"/),
  });
});

it('every code is used by the code', async () => {
  const { stdout } = await promisify(execFile)('grep', ['-rhoE', "'LEAK_LAB_[A-Z_]+'", 'src', 'load']);
  const used = new Set(Array.from(stdout.matchAll(/LEAK_LAB_[A-Z_]+/g), ([code]) => code));
  expect([...used].toSorted()).toEqual(Object.keys(problems).toSorted());
});
