import { judgedBy, outsideV8, patternNames, specimenNames } from '../src/specimens/names.js';
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
  const patterns = await Promise.all(patternNames.map(readPattern));
  return [
    '# Leak patterns',
    '',
    'Twenty-seven ways in which Node services leak memory. Each is a pair: a leaky half and a fixed half of the same code.',
    '',
    'To see one, start it with `npm run start:leaky -- --specimen NAME` (or `start:fixed`), and load it with `npm run load -- --specimen NAME`. `npm run gallery` runs all pairs. `npm run docs` writes this page from [`src/specimens`](../src/specimens), so the code below is the code that runs.',
    '',
    `${specimenNames.length} leak memory that V8 counts, in its heap or in buffers:`,
    '',
    ...patterns.filter((one) => !isOutside(one)).map(linkTo),
    '',
    `${Object.keys(outsideV8).length} leak memory that V8 does not count, or threads, processes and open files. Heap snapshots show little or nothing of most, and the test matcher judges V8's memory alone. \`npm run gallery\` judges them by the figure that grows, \`load\` by all of them, and \`leak-lab diagnose\` names the line:`,
    '',
    ...patterns.filter(isOutside).map(linkTo),
    ...patterns.flatMap(page),
    '',
  ].join('\n');
}

const isOutside = ({ name }: Pattern): boolean =>
  patternNames.some((one) => one === name && judgedBy(one) !== 'live-bytes');

const linkTo = ({ name, title }: Pattern): string => `- [${title}](#${name}): \`${name}\``;

const PREVENTION =
  '**Prevention.** Test the function with [`toStayBounded`](matcher.md), or the service with `leak-lab load --expect bounded`. Some patterns are also found by the [lint rules](lint.md).';
const PREVENTION_OUTSIDE =
  "**Prevention.** Run `leak-lab diagnose` under load before a release, and plot what is open in production ([metrics](metrics.md)). [`toStayBounded`](matcher.md) measures V8's memory, which has little of this. Some patterns are also found by the [lint rules](lint.md).";

function page(pattern: Pattern): string[] {
  const { name, title, paragraphs, bug, leaky, fixed } = pattern;
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
    isOutside(pattern) ? PREVENTION_OUTSIDE : PREVENTION,
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
