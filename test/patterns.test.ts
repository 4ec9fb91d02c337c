import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { patternsPage } from '../docs/patterns.js';
import { patternNames } from '../src/specimens/names.js';
import { readPattern } from '../src/mystery/pattern.js';

it('the list of patterns names every specimen that has two halves', async () => {
  const files = await readdir('src/specimens');
  const sources = await Promise.all(files.map((file) => readFile(`src/specimens/${file}`, 'utf8')));
  const pairs = files.filter((_file, index) => /: Pair = \{/.test(sources[index] ?? ''));
  expect(pairs.toSorted()).toEqual(patternNames.map((name) => `${name}.ts`).toSorted());
});

const contract = (half: string): string[] =>
  half.match(/(?:extends Specimen|implements NestInterceptor)/g) ?? [];

it.each(patternNames)(
  'the specimen %s cites a public case, marks one line as the bug, and has two halves of the same contract',
  async (name) => {
    const { paragraphs, leaky, fixed } = await readPattern(name);
    expect(paragraphs.Case).toMatch(/[\w-]+\/[\w.-]+#\d+/);
    const source = await readFile(`src/specimens/${name}.ts`, 'utf8');
    expect(source.match(/← the bug/g)).toHaveLength(1);
    expect(leaky).toContain('← the bug');
    expect(contract(leaky)).not.toEqual([]);
    expect(contract(fixed)).toEqual(contract(leaky));
  },
);

/** Pages that state the number of patterns in words. */
const counting = {
  'twenty-seven': [
    'README.md',
    'CHANGELOG.md',
    'docs/patterns.md',
    'docs/costs.md',
    'docs/lessons/9-other-leaks.md',
  ],
  二十七: ['README.zh-CN.md', 'docs/zh/lessons/9-other-leaks.md'],
};

it.each(Object.entries(counting))('the pages state the number of patterns: %s', async (word, pages) => {
  for (const page of pages) expect((await readFile(page, 'utf8')).toLowerCase(), page).toContain(word);
  expect(patternNames, `change ${word} in ${pages.join(', ')}`).toHaveLength(27);
});

it('docs/patterns.md is up to date (npm run docs writes it)', async () => {
  expect(await readFile('docs/patterns.md', 'utf8')).toBe(await patternsPage());
});
