import { specimenNames } from '../src/specimens/names.js';
import { type Paragraph, type Pattern, readPattern } from '../src/mystery/pattern.js';

/** The headings of a specimen's paragraphs on the page. */
const headings: Record<Paragraph, string> = {
  Met: 'How it happens',
  Case: 'A public case',
  Shows: 'What grows',
  Fix: 'Fix',
  Cost: 'Cost',
};

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
  const say = (label: Paragraph): string[] => ['', `**${headings[label]}.** ${linked(paragraphs[label])}`];
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
