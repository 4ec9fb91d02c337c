import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { beforeAll, expect, it } from 'vitest';
import leakLab, { rules } from '../src/lint/index.js';

/** Patterns whose leak is not visible in the syntax, with the reason. Tests, load and the diagnosis find them. */
const unseen = {
  'async-context': 'the timer looks like any other, and the context that it retains is not in the code',
  'buffer-pool': 'the list has a bound, and the size of the Buffer behind a view is not in the code',
  'metric-labels': 'the number of values of a label depends on clients',
  'offline-queue': 'code empties the queue, and when it runs is not in the syntax',
  'shared-scope': 'the code has two closures and no container that grows',
  'sliced-strings': 'what a slice of a string retains is a matter of V8',
  'wasm-memory': 'the list has a bound, and the size of the memory behind a view is not in the code',
  'zlib-streams':
    'a listener removes each stream when it closes, and that it never closes is not in the syntax',
};

interface Hit {
  file: string;
  rule: string;
  line: number;
}

const hits: Hit[] = [];
const sources = new Map<string, string>();

beforeAll(async () => {
  const linter = new Linter();
  const config = { ...leakLab.configs.recommended, files: ['**/*.ts'], languageOptions: { parser } };
  for (const name of await readdir('src/specimens')) {
    const file = `src/specimens/${name}`;
    const source = await readFile(file, 'utf8');
    sources.set(file, source);
    for (const { ruleId, line } of linter.verify(source, [config as never], file))
      hits.push({ file, rule: ruleId ?? 'a syntax error', line });
  }
});

it('the lint rules report every leaky half whose leak is visible in the syntax', () => {
  const pairs = [...sources.keys()].filter((file) => /class Leaky/.test(sourceOf(file)));
  const seen = pairs.filter((file) => hits.some((hit) => hit.file === file && halfOf(hit) === 'leaky'));
  expect(pairs.length).toBeGreaterThan(Object.keys(unseen).length);
  expect(names(seen)).toEqual(names(pairs).filter((name) => !(name in unseen)));
});

it('the lint rules report no fixed half', () => {
  expect(hits.filter((hit) => halfOf(hit) !== 'leaky')).toEqual([]);
});

it('oxlint reports the same lines as ESLint, and in the rest of the program only the leaky cache', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-lint-'));
  const config = join(folder, 'oxlint.json');
  await writeFile(
    config,
    JSON.stringify({
      plugins: [],
      categories: { correctness: 'off' },
      jsPlugins: [resolve('dist/src/lint/index.js')],
      rules: Object.fromEntries(Object.keys(rules).map((name) => [`leak-lab/${name}`, 'error'])),
    }),
  );
  const output = await new Promise<string>((done) => {
    const args = ['--config', config, '--format', 'unix', 'src'];
    execFile('node_modules/.bin/oxlint', args, (_error, stdout) => done(stdout));
  });
  await rm(folder, { recursive: true });
  const reported = [...output.matchAll(/^(\S+?):(\d+):\d+: .*leak-lab\((.+)\)\]$/gm)].map(
    ([, file = '', line, rule]): Hit => ({ file, rule: `leak-lab/${rule}`, line: Number(line) }),
  );
  const [gallery, others] = [
    reported.filter(({ file }) => isSpecimen(file)),
    reported.filter(({ file }) => !isSpecimen(file)),
  ];
  expect(inOrder(gallery)).toEqual(inOrder(hits));
  expect(others.map(({ file }) => file)).toEqual(['src/service/user-cache.leaky.ts']);
});

function sourceOf(file: string): string {
  return sources.get(file) ?? '';
}

function names(files: string[]): string[] {
  return files.map((file) => basename(file, '.ts')).toSorted();
}

function inOrder(all: Hit[]): string[] {
  return all.map(({ file, rule, line }) => `${file}:${line} ${rule}`).toSorted();
}

function isSpecimen(file: string): boolean {
  return file.startsWith('src/specimens/');
}

/** The half that a line belongs to: its class, or, for a module variable, the only class that uses it. */
function halfOf({ file, line }: Hit): 'leaky' | 'fixed' | 'neither' {
  const lines = sourceOf(file).split('\n');
  const started = lines.slice(0, line).findLast((one) => one.startsWith('export class'));
  if (started) return /class Leaky/.test(started) ? 'leaky' : 'fixed';
  const [, variable] = /^const (\w+)/.exec(lines[line - 1] ?? '') ?? [];
  const [, fixed = ''] = /\nexport class Fixed([^]*?)\n}\n/.exec(sourceOf(file)) ?? [];
  return variable && !new RegExp(`\\b${variable}\\b`).test(fixed) ? 'leaky' : 'neither';
}
