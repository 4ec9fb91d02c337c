import { readFile } from 'node:fs/promises';
import { specimenNames } from '../src/specimens/names.js';

/** The paragraphs of a specimen's comment, in the order of the page, with their headings there. */
const labels = {
  Met: 'How it happens',
  Case: 'A public case',
  Shows: 'What grows',
  Fix: 'Fix',
  Cost: 'Cost',
} as const;
type Label = keyof typeof labels;

export interface Pattern {
  name: string;
  title: string;
  paragraphs: Record<Label, string>;
  /** The line that is marked as the bug, without the mark, and the text of the mark. */
  bug: { line: string; says: string };
  leaky: string;
  fixed: string;
}

/** Reads the parts of a specimen's file. @throws Error that names a missing part. */
export async function readPattern(name: string): Promise<Pattern> {
  const source = await readFile(`src/specimens/${name}.ts`, 'utf8');
  const part = (what: string, expression: RegExp): string => {
    const found = expression.exec(source)?.[1];
    if (!found) throw new Error(`src/specimens/${name}.ts has no ${what}`);
    return found;
  };
  const comment = part('comment', /\n\/\*\n([^]*?)\n \*\/\n/).replaceAll(/^ \* ?/gm, '');
  const [title = '', ...rest] = comment.split('\n');
  const text = `\n${rest.join('\n')}`;
  const paragraph = (label: Label): string => {
    const [, found] = new RegExp(`\\n${label}: ([^]*?)(?=\\n[A-Z][a-z]+: |$)`).exec(text) ?? [];
    if (!found) throw new Error(`src/specimens/${name}.ts has no paragraph "${label}:"`);
    const flat = found.replaceAll('\n', ' ').trim();
    // A case begins with the name of a repository's owner, whose spelling stays.
    return label === 'Case' ? flat : flat.charAt(0).toUpperCase() + flat.slice(1);
  };
  return {
    name,
    title,
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

/** The text of docs/patterns.md. */
export async function patternsPage(): Promise<string> {
  const patterns = await Promise.all(specimenNames.map(readPattern));
  return [
    '# Leak patterns',
    '',
    'Nineteen ways in which Node services leak memory. Each is a pair: a leaky half and a fixed half of the same code.',
    '',
    'To see one, start it with `npm run start:leaky -- --specimen NAME` (or `start:fixed`), and load it with `npm run load -- --specimen NAME`. `npm run gallery` runs all pairs. `npm run docs` writes this page from [`src/specimens`](../src/specimens), so the code below is the code that runs.',
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
    `**The bug.** ${bug.says.charAt(0).toUpperCase() + bug.says.slice(1)}: \`${bug.line}\``,
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
    '**Prevention.** Test the function with [`toStayBounded`](matcher.md), or the service with `leak-lab load --expect bounded`. Some patterns are also found by the [lint rules](lint.md).',
    '',
    `The whole file: [\`${name}.ts\`](../src/specimens/${name}.ts).`,
  ];
}

/** Turns `owner/repository#number` into a link. GitHub redirects from the address to a pull request. */
function linked(text: string): string {
  return text.replaceAll(
    /\b([\w-]+\/[\w.-]+)#(\d+)/g,
    (citation, repository: string, number: string) =>
      `[${citation}](https://github.com/${repository}/issues/${number})`,
  );
}
