import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { beforeAll, expect, it } from 'vitest';
import leakLab, { rules } from '../src/lint/index.js';

/** What the leak is of is not in the syntax: these are for the test, the load and the diagnosis. */
const unseen = {
  'async-context': 'a timer like any other: what it keeps is the context that it was born in',
  'buffer-pool': 'the list has a bound, and nothing says how large that is of which a token is a view',
  'metric-labels': 'how many values a label takes is up to clients',
  'offline-queue': 'the queue is emptied, at some time',
  'shared-scope': 'two closures and nothing that grows',
  'sliced-strings': 'V8 decides what a slice of a string keeps',
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
      hits.push({ file, rule: ruleId!, line });
  }
});

it('flags every leaky half that syntax can show', () => {
  const pairs = [...sources.keys()].filter((file) => /class Leaky/.test(sources.get(file)!));
  const seen = pairs.filter((file) => hits.some((hit) => hit.file === file && halfOf(hit) === 'leaky'));
  expect(pairs.length).toBeGreaterThan(Object.keys(unseen).length);
  expect(names(seen)).toEqual(names(pairs).filter((name) => !(name in unseen)));
});

it('flags no fixed half', () => {
  expect(hits.filter((hit) => halfOf(hit) !== 'leaky')).toEqual([]);
});

it('says the same in oxlint as in ESLint, and nothing of the rest of the program', async () => {
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
  const said = [...output.matchAll(/^(\S+?):(\d+):\d+: .*leak-lab\((.+)\)\]$/gm)].map(
    ([, file, line, rule]): Hit => ({ file: file!, rule: `leak-lab/${rule}`, line: Number(line) }),
  );
  const [gallery, others] = [
    said.filter(({ file }) => isSpecimen(file)),
    said.filter(({ file }) => !isSpecimen(file)),
  ];
  expect(inOrder(gallery)).toEqual(inOrder(hits));
  // The rest of the program holds to the rules, but for its patient.
  expect(others.map(({ file }) => file)).toEqual(['src/service/user-cache.leaky.ts']);
});

function names(files: string[]): string[] {
  return files.map((file) => basename(file, '.ts')).toSorted();
}

function inOrder(all: Hit[]): string[] {
  return all.map(({ file, rule, line }) => `${file}:${line} ${rule}`).toSorted();
}

function isSpecimen(file: string): boolean {
  return file.startsWith('src/specimens/');
}

/** Whose line it is: of the class that it stands in, or of the only class that mentions the variable. */
function halfOf({ file, line }: Hit): 'leaky' | 'fixed' | 'neither' {
  const lines = sources.get(file)!.split('\n');
  const started = lines.slice(0, line).findLast((one) => one.startsWith('export class'));
  if (started) return /class Leaky/.test(started) ? 'leaky' : 'fixed';
  const [, variable] = /^const (\w+)/.exec(lines[line - 1]!) ?? [];
  const [, fixed = ''] = /\nexport class Fixed([^]*?)\n}\n/.exec(sources.get(file)!) ?? [];
  return variable && !new RegExp(`\\b${variable}\\b`).test(fixed) ? 'leaky' : 'neither';
}
