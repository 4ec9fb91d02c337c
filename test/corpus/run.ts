import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, round } from '../../src/command/format.js';
import { type Case, readCases } from './case.js';
import { type Command, type Answer, diagnoseCase } from './diagnose-case.js';

/**
 * Has every service of the corpus diagnosed, one after the other, and compares with the right answers.
 *
 *   npm run corpus                        all of it: about an hour
 *   npm run corpus -- axios-cancel-token  one case, or several
 *   npm run corpus -- --verdict-only      no suspects: whether `leak-lab load` tells leaking from healthy
 *   npm run corpus -- --keep DIR          what was printed about each case, as files
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'verdict-only': { type: 'boolean', default: false }, keep: { type: 'string' } },
});
const command: Command = values['verdict-only'] ? 'load' : 'diagnose';
/** Of the leaks, this many have to be named by the first suspect. */
const NAMED = 0.9;

// What was started goes with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const cases = readCases(positionals);
if (values.keep) await mkdir(values.keep, { recursive: true });
const width = Math.max(...cases.map((one) => one.name.length));
const answers: { one: Case; answer: Answer }[] = [];

print('case', 'expected', 'verdict', 'B/request', 'right', 's', 'first suspect');
for (const one of cases) {
  const answer = await diagnoseCase(one, command);
  answers.push({ one, answer });
  if (values.keep) await writeFile(join(values.keep, `${one.name}.txt`), answer.printed);
  const { verdict, bytesPerRequest, first, isRight, durationMs, failure } = answer;
  print(
    one.name,
    one.filling ? 'filling' : one.verdict,
    verdict ?? '–',
    bytesPerRequest === null ? '–' : round(bytesPerRequest),
    isRight ? 'yes' : 'NO',
    count(durationMs / 1_000),
    failure ?? (first ? `${first.kind}: ${first.name}` : '–'),
  );
}

const leaking = answers.filter(({ one }) => one.verdict === 'leak');
const healthy = answers.filter(({ one }) => one.verdict === 'bounded');
const right = (some: typeof answers) => some.filter(({ answer }) => answer.isRight).length;
const done = command === 'load' ? 'found' : 'named by the first suspect';
console.log(
  `\n${right(leaking)} of ${leaking.length} leaks ${done}; ${right(healthy)} of ${healthy.length} healthy services not called a leak`,
);
process.exitCode = right(healthy) === healthy.length && right(leaking) >= NAMED * leaking.length ? 0 : 1;

function print(name: string, ...cells: string[]): void {
  const [expected, verdict, rate, isRight, seconds, suspect] = cells as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  console.log(
    `${name.padEnd(width)}  ${expected.padEnd(8)}  ${verdict.padEnd(9)}  ${rate.padStart(9)}  ${isRight.padEnd(5)}  ${seconds.padStart(3)}  ${suspect}`,
  );
}
