import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, round } from '../../src/command/format.js';
import { type Case, readApps, readCases, readLaunches, tenthOf, thirdOf } from './case.js';
import { type Answer, type Command, diagnoseCase } from './diagnose-case.js';
import { emptyScoreboard, passes, type Result, resultOf, right } from './scoreboard.js';

/**
 * Diagnoses every service of the corpus, one after the other, and compares the results with the right answers.
 *
 *   npm run corpus                        all cases: about an hour
 *   npm run corpus -- --third 1/3         a fixed third of the cases: 1/3, 2/3 or 3/3
 *   npm run corpus -- --tenth             a fixed tenth, which fails only where an answer is wrong with confidence
 *   npm run corpus -- axios-cancel-token  one case, or several
 *   npm run corpus -- apps                applications of frameworks, healthy and with a leak
 *   npm run corpus -- apps next koa       some of them
 *   npm run corpus -- launches            ways to launch a service: cluster, pm2, npm start, TLS …
 *   npm run corpus -- --verdict-only      verdicts of `leak-lab load`, without suspects
 *   npm run corpus -- --json FILE         the results as JSON
 *   npm run corpus -- --keep DIR          the output of the command for each case, as files
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'verdict-only': { type: 'boolean', default: false },
    third: { type: 'string' },
    tenth: { type: 'boolean', default: false },
    json: { type: 'string' },
    keep: { type: 'string' },
  },
});
const command: Command = values['verdict-only'] ? 'load' : 'diagnose';
// The services that were started end with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [first, ...others] = positionals;
const sets = { apps: readApps, launches: readLaunches };
const named = first === 'apps' || first === 'launches' ? sets[first](others) : readCases(positionals);
const third = values.third === undefined ? named : thirdOf(named, values.third);
const cases = values.tenth ? tenthOf(third) : third;
if (values.keep) await mkdir(values.keep, { recursive: true });
const nameWidth = Math.max(...cases.map((one) => one.name.length));
const scoreboard = emptyScoreboard(command);
const results = scoreboard.cases;

print({
  name: 'case',
  expected: 'expected',
  verdict: 'verdict',
  rate: 'B/request',
  right: 'right',
  seconds: 'seconds',
  suspect: 'first suspect',
});
for (const one of cases) {
  const answer = await answerOf(one);
  if (values.keep)
    await writeFile(
      join(values.keep, `${one.name}${one.app || one.launch ? `-${one.verdict}` : ''}.txt`),
      answer.printed,
    );
  const result = resultOf(one, answer);
  results.push(result);
  print(rowOf(one, answer, result));
  // After each case, so that a run that is interrupted keeps its results.
  if (values.json) await writeFile(values.json, `${JSON.stringify(scoreboard, null, 2)}\n`);
}

const leaking = results.filter(({ expected }) => expected === 'leak');
const healthy = results.filter(({ expected }) => expected === 'bounded');
const found = command === 'load' ? 'were found' : 'were named by the first suspect';
console.log(
  `\n${right(leaking)} of ${leaking.length} leaks ${found}; ${right(healthy)} of ${healthy.length} healthy services were not called a leak`,
);
process.exitCode = passes(scoreboard, values.tenth) ? 0 : 1;

/** An application or launch that cannot be built or started does not end the run of the others. */
async function answerOf(one: Case): Promise<Answer> {
  if (!one.app && !one.launch) return diagnoseCase(one, command);
  return diagnoseCase(one, command).catch((cause: unknown) => ({
    verdict: null,
    bytesPerRequest: null,
    first: null,
    isRight: false,
    durationMs: 0,
    walkMs: null,
    snapshots: false,
    peakRssBytes: null,
    failure: String(cause),
    printed: String(cause),
  }));
}

type Row = Record<'name' | 'expected' | 'verdict' | 'rate' | 'right' | 'seconds' | 'suspect', string>;

function rowOf(one: Case, { bytesPerRequest, failure }: Answer, result: Result): Row {
  const { name, verdict, suspect, seconds } = result;
  return {
    name,
    expected: one.filling ? 'filling' : one.verdict,
    verdict: verdict ?? '–',
    rate: bytesPerRequest === null ? '–' : round(bytesPerRequest),
    right: result.right ? 'yes' : 'NO',
    seconds: count(seconds),
    suspect: failure ?? (suspect ? `${suspect.kind}: ${suspect.name}` : '–'),
  };
}

function print(row: Row): void {
  console.log(
    [
      row.name.padEnd(nameWidth),
      row.expected.padEnd(8),
      row.verdict.padEnd(9),
      row.rate.padStart(9),
      row.right.padEnd(5),
      row.seconds.padStart(7),
      row.suspect,
    ].join('  '),
  );
}
