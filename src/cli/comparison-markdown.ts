import {
  answersText,
  type Comparison,
  comparisonText,
  type CostName,
  COSTS,
  costText,
  differenceText,
  rateOf,
  times,
  verdictOf,
} from '../kit/compare/index.js';
import { headline } from './comparison-screen.js';

const SIGNS = { fixed: '✅', improved: '✅', unchanged: '✅', regressed: '❌', unsettled: '❔' } as const;

/** A comparison as Markdown, for the page of a pull request or a job. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { verdict, answers, before, after, suspects, memory } = comparison;
  const [old, now] = [verdictOf(before), verdictOf(after)];
  const rows = [
    ['memory', old.kind, now.kind, ''],
    [
      'growth, bytes per request',
      rateOf(old.growthRate),
      rateOf(now.growthRate),
      rateOf(memory.difference.rate),
    ],
    ...costRows(comparison),
  ];
  return [
    `## ${SIGNS[verdict.kind]} Memory: ${headline(comparison)}`,
    '',
    escaped(comparisonText(comparison)),
    '',
    table(['', 'before', 'after', 'change'], rows),
    '',
    ...list('Suspects that are gone', suspects.gone),
    ...list('Suspects that are still there', suspects.remaining),
    ...list('New suspects', suspects.new),
    ...list('Suspects of one version, while the other is unsettled', suspects.unmatched),
    `**Answers.** ${escaped(answersText(answers))}`,
    ...(answers.differences.length > 0
      ? ['', ...answers.differences.map((one) => `- ${code(differenceText(one))}`)]
      : []),
    '',
  ].join('\n');
}

function costRows({ costs }: Comparison): string[][] {
  return Object.keys(COSTS).map((key) => {
    const name = key as CostName;
    const { before, after, ratio } = costs[name];
    return [COSTS[name].name, costText(name, before), costText(name, after), ratio ? times(ratio) : ''];
  });
}

function list(title: string, suspects: Comparison['suspects']['gone']): string[] {
  if (suspects.length === 0) return [];
  const lines = suspects.map(({ name, allocatedAt: [place] }) => {
    const at = place ? `, allocated at ${code(`${place.file}:${place.line}`)}` : '';
    return `- ${code(name)}${at}`;
  });
  return [`**${title}**`, '', ...lines, ''];
}

const line = (cells: string[]): string => `| ${cells.map((cell) => escaped(cell)).join(' | ')} |`;

function table(head: string[], rows: string[][]): string {
  return [line(head), `|${head.map(() => ' --- ').join('|')}|`, ...rows.map((cells) => line(cells))].join(
    '\n',
  );
}

/** Answers and names come from the program: they must not end a cell or become markup. */
const escaped = (text: string): string =>
  text.replaceAll(/[|<>*_`[\]]/g, String.raw`\$&`).replaceAll('\n', ' ');

function code(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ');
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
}
