import type { styleText } from 'node:util';
import { wrap } from '../command/wrap.js';
import {
  answersText,
  type Comparison,
  comparisonText,
  type CostName,
  COSTS,
  costText,
  differenceText,
  times,
  verdictOf,
} from '../kit/compare/index.js';
import { noteText, reasonText } from '../kit/diagnosis/index.js';

type Style = Extract<Parameters<typeof styleText>[0], readonly unknown[]>;
/** Styles a line for a terminal; returns it unchanged elsewhere. */
type Paint = (style: Style, line: string) => string;

const WIDTH = 80;

const COLOUR = {
  fixed: 'green',
  improved: 'green',
  unchanged: 'green',
  regressed: 'red',
  unsettled: 'yellow',
} as const;

/** A comparison as lines of at most 80 columns. */
export function comparisonScreen(comparison: Comparison, paint: Paint = (_, line) => line): string[] {
  const { verdict, answers, costs, before, after } = comparison;
  return [
    paint(['bold', COLOUR[verdict.kind]], headline(comparison)),
    ...wrap(comparisonText(comparison), WIDTH),
    '',
    ...memoryLines(comparison),
    ...suspectLines(comparison),
    '',
    ...wrap(answersText(answers), WIDTH),
    ...answers.differences.flatMap((one) => hang('- ', differenceText(one))),
    '',
    ...Object.keys(COSTS).flatMap((name) => costLines(name as CostName, costs[name as CostName])),
    ...[before, after].flatMap(({ notes }, i) =>
      notes
        .filter(({ code }) => code === 'stage-failed' || code === 'workers-not-measured')
        .flatMap((note) => hang(i === 0 ? 'before: ' : 'after: ', noteText(note))),
    ),
  ];
}

/** `FIXED (99.9 % sure), after 24,000 requests to each version in 41 s`. */
export function headline({ verdict, requests, durationMs }: Comparison): string {
  const confidence =
    verdict.kind === 'unsettled' ? '' : ` (${Math.min(99.9, 100 * verdict.confidence).toFixed(1)} % sure)`;
  const work = `after ${requests.toLocaleString('en')} requests to each version in ${Math.round(durationMs / 1_000)} s`;
  return `${verdict.kind.toUpperCase()}${confidence}, ${work}`;
}

function memoryLines({ before, after }: Comparison): string[] {
  return [before, after].flatMap((diagnosis, i) => {
    const verdict = verdictOf(diagnosis);
    return hang(i === 0 ? 'before: ' : 'after: ', `${verdict.kind}. ${reasonText(verdict)}`);
  });
}

function suspectLines({ suspects }: Comparison): string[] {
  const titles = {
    gone: 'suspect that is gone',
    remaining: 'suspect that is still there',
    new: 'new suspect',
    unmatched: 'suspect of one version, while the other is unsettled',
  };
  return (['gone', 'remaining', 'new', 'unmatched'] as const).flatMap((part) =>
    suspects[part].flatMap(({ name, allocatedAt }) => {
      const [place] = allocatedAt;
      const at = place ? `, allocated at ${place.file}:${place.line}` : '';
      return hang(`${titles[part]}: `, `${name}${at}`);
    }),
  );
}

function costLines(name: CostName, { before, after, ratio }: Comparison['costs'][CostName]): string[] {
  const change = ratio ? `, ${times(ratio)}` : '';
  return hang(`${COSTS[name].name}: `, `${costText(name, before)} → ${costText(name, after)}${change}`);
}

/** The longest of the leads that stand in one column. */
const INDENT = 'before: '.length;

/** A text after its lead, with its further lines indented. */
function hang(lead: string, text: string): string[] {
  const indent = ' '.repeat(INDENT);
  return wrap(`${lead}${text}`, WIDTH - INDENT).map((line, at) => (at === 0 ? line : `${indent}${line}`));
}
