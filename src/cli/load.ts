import { measure } from '../../load/measure.js';
import type { JudgedBy, Measurement } from '../../load/measurement.js';
import { toJson } from '../../load/load-json.js';
import { mustBeWritable, mustBeWritableFile, writeFiles, writeReport } from '../../load/report.js';
import { fillIn } from '../../load/request-template.js';
import { sentences } from '../../load/sentence.js';
import { fitting, header, line } from '../../load/table.js';
import { openTarget } from '../../load/target.js';
import type { About } from '../command/help.js';
import { choice, readOptions, text, toggle, whole } from '../command/options.js';
import { COULD_NOT, interruptible } from '../command/run.js';
import { colour, screenWidth } from '../command/screen.js';
import { patternNames } from '../specimens/names.js';
import { insideNetworkOf } from './enter-network.js';
import { ProgressLine } from './progress-line.js';
import { isUrl, requestOptions, templatesOf, transportOf, transportOptions } from './request-options.js';

/** The demo service's own route. */
const DEFAULT_URL = 'http://127.0.0.1:8000/users/random';

const JUDGED = [
  'process',
  'live-bytes',
  'files',
  'sockets',
  'pipes',
  'threads',
  'children',
  'contexts',
  'webassembly-memories',
  'native-memory',
] as const satisfies readonly JudgedBy[];

export const loadOptions = {
  url: text({
    default: DEFAULT_URL,
    placeholder: 'URL',
    accepts: 'an address such as http://127.0.0.1:8000/users/random',
    test: isUrl,
    why: 'the URL to send requests to; {n} is replaced by a running number, {random} by random digits',
  }),
  specimen: choice(patternNames, {
    default: undefined,
    placeholder: 'NAME',
    why: 'send requests to this pattern of the gallery instead: /specimens/NAME/random of the same service',
  }),
  ...requestOptions,
  requests: whole({
    default: 100_000,
    min: 100,
    max: 100_000_000,
    why: 'the number of requests; the table has a row after 10, 20, 50 and 100 % of them',
  }),
  connections: whole({ default: 100, min: 1, max: 10_000, why: 'the number of concurrent connections' }),
  ...transportOptions,
  maxRequests: whole({
    default: undefined,
    min: 100,
    max: 1_000_000_000,
    example: 1_000_000,
    why: 'the most requests to send while the verdict is not settled (default 10 times --requests)',
  }),
  pid: whole({
    default: undefined,
    min: 1,
    max: 2 ** 22,
    example: 4711,
    placeholder: 'PID',
    why: 'the process to measure (default: the one that listens at the URL)',
  }),
  judge: choice(JUDGED, {
    default: 'process',
    placeholder: 'WHAT',
    why: `what the verdict is on: the whole process, what V8 counts of it (live-bytes), or, on Linux, one thing outside V8 (${JUDGED.slice(2).join(', ')})`,
  }),
  expect: choice(['leak', 'bounded'], { default: undefined, why: 'the verdict that makes the exit code 0' }),
  json: text({ default: undefined, placeholder: 'FILE', why: 'write the figures and the verdict as JSON' }),
  report: text({ default: undefined, placeholder: 'DIR', why: 'write report.html and samples.csv' }),
  allowRemote: toggle({ why: 'allow a URL on another machine that you own' }),
};

export const about: About = {
  usage: 'npm run load --',
  purpose:
    'Sends load to a running service, samples its memory after each round, and decides whether it leaks.',
  options: loadOptions,
  examples: [
    'npm run load',
    'npm run load -- --requests 200000 --expect bounded --json load.json --report reports',
  ],
  exits: {
    0: 'measured, and the verdict is as expected',
    1: 'measured, and the verdict is not as expected',
    2: 'unsettled, or could not measure',
    130: 'interrupted',
  },
};

export async function work(argv: string[]): Promise<number> {
  const { specimen, pid, allowRemote, expect, json, report, judge, ...options } = readOptions(
    loadOptions,
    argv,
  );
  const { anyStatus, failOnError } = options;
  const url = specimen ? new URL(`/specimens/${specimen}/random`, options.url).href : options.url;
  const inside = await insideNetworkOf(pid);
  if (inside !== null) return inside;
  return interruptible(async (signal) => {
    if (json) await mustBeWritableFile(json);
    if (report) await mustBeWritable(report);
    const transport = await transportOf(options);
    const templates = templatesOf([url], options);
    const isDefault = options.url === DEFAULT_URL;
    const target = await openTarget({
      url: fillIn(url),
      transport,
      templates,
      anyStatus,
      isDefault,
      pid,
      allowRemote,
      signal,
    });
    const progress = new ProgressLine();
    const shown = fitting(screenWidth());
    let measurement: Measurement;
    try {
      console.log(header(shown));
      measurement = await measure(target, {
        requests: options.requests,
        connections: options.connections,
        templates,
        anyStatus,
        failOnError,
        judgedBy: judge,
        maxRequests: Math.max(options.requests, options.maxRequests ?? 10 * options.requests),
        signal,
        onRow: (row) => progress.print(line(row, shown)),
        onProgress: (now) => progress.show(now),
      });
    } finally {
      progress.clear();
      await target.release();
    }
    printVerdict(measurement);
    if (json) await writeFiles({ [json]: `${JSON.stringify(toJson(measurement), null, 2)}\n` });
    if (report) console.log(`Report: ${await writeReport(report, [measurement])}`);
    if (measurement.problem) {
      process.stderr.write(`leak-lab: ${measurement.problem.message} [${measurement.problem.code}]\n`);
    }
    return exitCode(measurement, expect);
  });
}

export function printVerdict(measurement: Measurement): void {
  const [verdict, ...rest] = sentences(measurement);
  const { kind } = measurement.verdict;
  const { mode } = measurement.target;
  const style = kind === 'leak' ? 'red' : kind === 'bounded' ? 'green' : 'yellow';
  console.log(`\n${mode ? `${mode}: ` : ''}${colour(['bold', style], verdict!)}\n${rest.join('\n')}`);
}

function exitCode({ verdict, problem }: Measurement, expected: 'leak' | 'bounded' | undefined): number {
  if (problem || verdict.kind === 'unsettled') return COULD_NOT;
  return expected === undefined || verdict.kind === expected ? 0 : 1;
}
