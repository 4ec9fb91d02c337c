import { wrap } from '../command/wrap.js';
import { answersText, type Comparison, differenceText, times, verdictOf } from '../kit/compare/index.js';
import { reasonText } from '../kit/diagnosis/index.js';
import { hiddenBy } from './hidden.js';
import { type Grade, type Judgement, judge, MOST_SLOWDOWN, outcome } from './judgement.js';

const WIDTH = 80;
const TITLES: Record<Grade, string> = { right: 'MENDED', wrong: 'NOT YET', unknown: 'COULD NOT TELL' };
const GRADES: Record<Grade, string> = { right: 'right', wrong: 'WRONG', unknown: 'unclear' };

/** Where the source of a mystery is, and what can be done with it. */
export function writtenText(seed: number, folder: string): string {
  const rows = [
    ['edit', `${folder}/service.ts, until the service no longer leaks`],
    ['run', `cd ${folder} && npm start`],
    ['check', `npm run mystery -- --check ${folder}`],
    ['hint', `npm run mystery -- --seed ${seed} --hint 1   (2 and 3 give more away)`],
    ['remove', `rm -r ${folder}   (nothing else removes it)`],
  ];
  return [
    `The source of mystery ${seed} is in ${folder}.`,
    '',
    ...rows.map(([name = '', text = '']) => `${name.padEnd(8)}${text}`),
  ].join('\n');
}

/** The result of a check, as lines of at most 80 columns where commands allow it. */
export function checkedText(seed: number, folder: string, comparison: Comparison): string {
  const judgement = judge(comparison);
  const { requests, durationMs } = comparison;
  const work = `after ${requests.toLocaleString('en')} requests to each service in ${Math.round(durationMs / 1_000)} s`;
  return [
    `${TITLES[outcome(judgement)]}, ${work}`,
    '',
    ...row('memory', judgement.memory, memoryTexts(comparison, folder)),
    ...row('answers', judgement.answers, answersTexts(comparison, judgement)),
    ...row('CPU', judgement.cpu, [cpuText(comparison)]),
    '',
    ...nextTexts(seed, folder, judgement),
  ].join('\n');
}

function row(name: string, grade: Grade, texts: readonly string[]): string[] {
  const lead = `${name.padEnd(9)}${GRADES[grade].padEnd(9)}`;
  const lines = texts.flatMap((text) => wrap(text, WIDTH - lead.length));
  return lines.map((line, at) => (at === 0 ? lead : ' '.repeat(lead.length)) + line);
}

function memoryTexts({ before, after, suspects }: Comparison, folder: string): string[] {
  const [original, yours] = [verdictOf(before), verdictOf(after)];
  const first = [...suspects.remaining, ...suspects.new, ...suspects.unmatched].at(0);
  const place = first?.allocatedAt.at(0);
  return [
    reasonText(yours),
    ...(original.kind === 'leak' ? [] : [`Of the original: ${reasonText(original)} Check again.`]),
    ...(yours.kind === 'leak' && first
      ? [
          `What grows: ${first.name}${place ? `, allocated at ${place.file.replace(`${folder}/`, '')}:${place.line}` : ''}`,
        ]
      : []),
  ];
}

function answersTexts({ answers }: Comparison, judgement: Judgement): string[] {
  if (judgement.answers === 'right') return [answersText(answers)];
  const { compared, different, differences } = answers;
  return [
    `${different.toLocaleString('en')} of ${compared.toLocaleString('en')} are not those of the original.`,
    ...differences.map((one) => differenceText(one)),
  ];
}

function cpuText({ costs: { cpuMsPerRequest } }: Comparison): string {
  const { ratio } = cpuMsPerRequest;
  const most = `At most ${MOST_SLOWDOWN.toFixed(2)} times is accepted.`;
  return ratio === null
    ? 'There are too few rounds to compare. Check again.'
    : `A request takes ${times(ratio)} the CPU time of the original. ${most}`;
}

function nextTexts(seed: number, folder: string, judgement: Judgement): string[] {
  const name = hiddenBy(seed);
  switch (outcome(judgement)) {
    case 'right':
      return [
        ...wrap(
          `The pattern is ${name}: docs/patterns.md explains it, and has another fix to compare yours with.`,
          WIDTH,
        ),
        `When you are done: rm -r ${folder}`,
      ];
    case 'unknown':
      return ['Check again, while other programs leave the CPU alone.'];
    case 'wrong':
      return judgement.memory === 'right'
        ? ['Change service.ts and check again.']
        : ['Change service.ts and check again. A hint:', `npm run mystery -- --seed ${seed} --hint 1`];
  }
}
