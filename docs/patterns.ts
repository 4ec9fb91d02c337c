import { readFile } from 'node:fs/promises';
import { specimenNames } from '../src/specimens/names.js';

/** The paragraphs of a specimen's comment, in the order in which the page shows them, and what it calls them. */
const labels = {
  Met: 'Symptom',
  Case: 'A public case',
  Shows: 'Where it shows',
  Fix: 'Fix',
  Cost: 'Cost',
} as const;
type Label = keyof typeof labels;

export interface Pattern {
  name: string;
  title: string;
  paragraphs: Record<Label, string>;
  /** The line that is marked as the bug, without the mark, and what the mark says. */
  bug: { line: string; says: string };
  leaky: string;
  fixed: string;
}

/** What a specimen's file says of itself. @throws Error when a part is missing: the page is made of them. */
export async function readPattern(name: string): Promise<Pattern> {
  const source = await readFile(`src/specimens/${name}.ts`, 'utf8');
  const part = (what: string, expression: RegExp): string => {
    const found = expression.exec(source)?.[1];
    if (!found) throw new Error(`src/specimens/${name}.ts has no ${what}`);
    return found;
  };
  const comment = part('comment', /\n\/\*\n([^]*?)\n \*\/\n/).replaceAll(/^ \* ?/gm, '');
  const [title, ...rest] = comment.split('\n');
  const text = `\n${rest.join('\n')}`;
  const paragraph = (label: Label): string => {
    const [, found] = new RegExp(`\\n${label}: ([^]*?)(?=\\n[A-Z][a-z]+: |$)`).exec(text) ?? [];
    if (!found) throw new Error(`src/specimens/${name}.ts says nothing of "${label}:"`);
    const flat = found.replaceAll('\n', ' ').trim();
    // The citation of a case begins with an owner, who may write himself small.
    return label === 'Case' ? flat : flat[0]!.toUpperCase() + flat.slice(1);
  };
  return {
    name,
    title: title!,
    paragraphs: Object.fromEntries(
      Object.keys(labels).map((label) => [label, paragraph(label as Label)]),
    ) as Record<Label, string>,
    bug: {
      line: part('marked line', /^ *(.*?) *\/\/ ← the bug: /m),
      says: part('marked line', /\/\/ ← the bug: (.*)$/m),
    },
    leaky: part('leaky half', /\n(export class Leaky[^]*?\n\}\n)/).trim(),
    fixed: part('fixed half', /\n(export class Fixed[^]*?\n\}\n)/).trim(),
  };
}

/** The page of all patterns: docs/patterns.md, word for word. */
export async function patternsPage(): Promise<string> {
  const patterns = await Promise.all(specimenNames.map(readPattern));
  return [
    '# Patterns: nineteen ways to leak, and what to write instead',
    '',
    'Written from [the gallery](../src/specimens) by `npm run docs`; the code here is the code that runs. Each pair is a feature of the service: `npm run start:leaky -- --specimen NAME` and `npm run load -- --specimen NAME` show the leak, `npm run start:fixed` the fix, `npm run gallery` all of them.',
    '',
    ...patterns.map(({ name, title }) => `- [${title}](#${name}): \`${name}\``),
    ...patterns.flatMap(page),
    '',
  ].join('\n');
}

function page({ name, title, paragraphs, bug, leaky, fixed }: Pattern): string[] {
  const say = (label: Label): string[] => ['', `**${labels[label]}.** ${linked(paragraphs[label])}`];
  return [
    '',
    `## <a id="${name}"></a>${title}`,
    ...say('Met'),
    ...say('Case'),
    ...say('Shows'),
    '',
    `**The bug:** \`${bug.line}\`: ${bug.says}.`,
    '',
    '```ts',
    leaky,
    '```',
    ...say('Fix'),
    '',
    '```ts',
    fixed,
    '```',
    ...say('Cost'),
    '',
    '**Guard.** In a test, [`toStayBounded`](matcher.md); in CI, `leak-lab load --expect bounded`. Which of these the linter sees: [lint rules](lint.md).',
    '',
    `The whole file: [\`${name}.ts\`](../src/specimens/${name}.ts).`,
  ];
}

/** `owner/repository#number` as a link: GitHub shows a pull request at the address of an issue. */
function linked(text: string): string {
  return text.replaceAll(
    /\b([\w-]+\/[\w.-]+)#(\d+)/g,
    (citation, repository: string, number: string) =>
      `[${citation}](https://github.com/${repository}/issues/${number})`,
  );
}
