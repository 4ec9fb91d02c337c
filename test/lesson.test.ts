import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../docs/lesson.js';
import { match } from '../docs/match.js';
import { Terminal } from '../docs/replay.js';
import { patternNames } from '../src/specimens/names.js';

const lessons = readdirSync('docs/lessons').toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe('the comparison of a lesson with the output of a run', () => {
  const printed = [
    'leaky on http://127.0.0.1:8000',
    ' requests  heap MB',
    '   10,000     25.3',
    'LEAK, 99.9 % sure',
    'exit code 1',
  ];

  it('ignores ports and column widths, and accepts figures of similar size', () => {
    const shown = [
      'leaky on http://127.0.0.1:4711',
      ' requests heap MB',
      '12,000 31.0',
      'LEAK, 99 % sure',
      'exit code 1',
    ];
    expect(match(shown, printed)).toEqual(printed);
  });

  it('ignores line breaks, the speed of the machine and the width of an interval', () => {
    const row = ' 20,000  1223.0  97.1  30.5  2.8  20,002';
    const shown = [
      `${row}  1,335   36  545  0`,
      'Memory grew by 489 bytes (475 to 504), +0.1',
      'over 4 hours. The heap limit is reached in 4 hours.',
    ];
    const other = [
      `${row}  9,133  7.5   29  0`,
      'Memory grew by 1,089 bytes (1 to',
      '2,504), −0.1 over 4 hours. The heap limit is reached in',
      '35 minutes.',
    ];
    expect(match(shown, other)).toEqual(other);
  });

  it('accepts further lines only where the lesson has a line of an ellipsis', () => {
    expect(match(['…', 'LEAK, 99.9 % sure', '…'], printed)).toEqual(['…', 'LEAK, 99.9 % sure', '…']);
    expect(() => match(['LEAK, 99.9 % sure'], printed)).toThrow(/the words differ/);
  });

  it.each([
    ['another word', ['…', 'BOUNDED, 99.9 % sure']],
    ['another order of the lines', ['…', 'LEAK, 99.9 % sure', ' requests  heap MB']],
    ['a figure of another order of magnitude', ['…', '10,000 253.0']],
    ['another exit code', ['…', 'exit code 0']],
    ['a line that was not printed', [...printed, 'more']],
    ['no line for the last one printed', printed.slice(0, -1)],
  ])('fails if the lesson has %s', (_what, shown) => {
    expect(() => match(shown, printed)).toThrow(/printed/);
  });

  it('names the first line that differs', () => {
    expect(() => match(['…', '10,000 25.3', 'LEAK, 9.9 % safe'], printed)).toThrow(
      'shown    LEAK, 9.9 % safe\n  printed  LEAK, 99.9 % sure',
    );
  });
});

/** A change of a lesson; the numbers of its hunk are wrong. */
const changed = (head: string): string =>
  `\`\`\`diff\n${head}@@ -1,9 +1,9 @@\n one\n-two\n+2\n three\n\`\`\`\n`;

describe('a change that a lesson shows', () => {
  it('is a step that makes it, whatever the numbers of its hunk', async () => {
    const [step] = stepsOf(changed('--- /tmp/mine/service.ts\n+++ /tmp/mine/service.ts\n'));
    expect(step).toMatchObject({ isEdit: true, printed: null, served: null });
    const terminal = new Terminal();
    try {
      await terminal.run({
        commands: ['mkdir /tmp/mine/', "printf 'one\\ntwo\\nthree\\n' > /tmp/mine/service.ts"],
      });
      await terminal.run(step!);
      expect(await terminal.run({ commands: ['cat /tmp/mine/service.ts'] })).toEqual(['one', '2', 'three']);
      await expect(terminal.run(step!)).rejects.toThrow('a change of the lesson does not fit');
    } finally {
      await terminal.close();
    }
  });

  it('has to name its file', () => {
    expect(() => stepsOf(changed('--- service.ts\n+++ service.ts\n'))).toThrow('does not name its file');
  });
});

describe.each(lessons)('lesson %s', (lesson) => {
  const english = readFileSync(`docs/lessons/${lesson}`, 'utf8');

  it('uses only scripts that exist, and has no unfinished output', () => {
    const used = Array.from(english.matchAll(/npm run ([\w:]+)/g), ([, name = '']) => name);
    expect(used.filter((name) => !scripts[name])).toEqual([]);
    expect(english).not.toContain('TODO');
    expect(stepsOf(english).length).toBeGreaterThan(0);
  });

  it('has the same commands and outputs in Chinese', () => {
    expect(stepsOf(readFileSync(`docs/zh/lessons/${lesson}`, 'utf8'))).toEqual(stepsOf(english));
  });

  it.each([
    ['docs/lessons', 'Next: '],
    ['docs/zh/lessons', '下一课：'],
  ])('in %s links to the next lesson', (folder, next) => {
    const following = lessons[lessons.indexOf(lesson) + 1];
    const [, link] =
      new RegExp(`^${next}.*\\((.*)\\)$`, 'm').exec(readFileSync(join(folder, lesson), 'utf8')) ?? [];
    expect(link).toBe(following);
  });
});

const pages = ['README.zh-CN.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
);

it.each(pages)('every relative link of %s leads to a file that exists', (page) => {
  const prose = readFileSync(page, 'utf8').replaceAll(/`[^`\n]*`/g, '');
  const links = Array.from(prose.matchAll(/\]\((?!http)([^)#]+)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
});

/** Without remarks, which are in the language of the page. */
const commandsIn = (file: string): string[] =>
  Array.from(readFileSync(file, 'utf8').matchAll(/^```sh\n[^]*?^```$/gm), ([block]) =>
    block.replaceAll(/ +# .*$/gm, ''),
  );

it('every command block of the Chinese README is in the English README', () => {
  const known = commandsIn('README.md');
  const chinese = commandsIn('README.zh-CN.md');
  expect(chinese.length).toBeGreaterThan(0);
  expect(chinese.filter((block) => !known.includes(block))).toEqual([]);
});

it.each(['docs/lessons', 'docs/zh/lessons'])(
  'lesson 9 in %s lists every pattern of the gallery',
  (folder) => {
    const lesson = readFileSync(join(folder, '9-other-leaks.md'), 'utf8');
    expect(patternNames.filter((name) => !lesson.includes(`\`${name}\``))).toEqual([]);
  },
);
