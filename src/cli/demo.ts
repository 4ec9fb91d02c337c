import { measure } from '../../load/measure.js';
import type { Measurement } from '../../load/measurement.js';
import { mustBeWritable, writeReport } from '../../load/report.js';
import { startService } from '../../load/service.js';
import { type Column, columns, fitting, header, line } from '../../load/table.js';
import { openTarget, type Target } from '../../load/target.js';
import type { About } from '../command/help.js';
import { duration } from '../command/format.js';
import { readOptions, text, whole } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { screenWidth } from '../command/screen.js';
import { Problem } from '../kit/problem.js';
import { type Diagnosis, explain, targetAt } from '../kit/diagnosis/index.js';
import { sentWork } from './diagnose-work.js';
import { weight } from './diagnosis-words.js';
import { printVerdict } from './load.js';
import { ProgressLine } from './progress-line.js';

export const demoOptions = {
  requests: whole({
    default: 100_000,
    min: 10_000,
    max: 10_000_000,
    why: 'the number of requests for each mode',
  }),
  report: text({
    default: 'reports/demo',
    placeholder: 'DIR',
    why: 'the directory for report.html and samples.csv',
  }),
};

export const about: About = {
  usage: 'npm run demo --',
  purpose: 'Runs the demo service in leaky and in fixed mode, sends load to each, and compares their memory.',
  options: demoOptions,
  examples: ['npm run demo', 'npm run demo -- --requests 20000'],
  exits: {
    0: 'leaky is a leak and fixed is bounded',
    1: 'a mode has another verdict',
    2: 'could not measure',
    130: 'interrupted',
  },
};

const MODES = ['leaky', 'fixed'] as const;
const EXPECTED = { leaky: 'leak', fixed: 'bounded' } as const;

export async function work(argv: string[]): Promise<number> {
  const { requests, report } = readOptions(demoOptions, argv);
  return interruptible(async (signal) => {
    const start = performance.now();
    await mustBeWritable(report);
    const measurements: Measurement[] = [];
    const diagnoses: Diagnosis[] = [];
    for (const mode of MODES) {
      const { measurement, diagnosis } = await measureMode(mode, requests, signal);
      measurements.push(measurement);
      diagnoses.push(diagnosis);
    }
    printSideBySide(measurements);
    for (const [at, one] of measurements.entries()) {
      printVerdict(one);
      console.log(firstSuspect(diagnoses[at]).join('\n  '));
    }
    const page = await writeReport(report, measurements, diagnoses.map(firstSuspect));
    console.log(`\nReport: ${page}  (${duration(performance.now() - start)})`);
    const asExpected = MODES.every((mode, index) => measurements[index]?.verdict.kind === EXPECTED[mode]);
    return asExpected ? 0 : 1;
  });
}

async function measureMode(
  mode: (typeof MODES)[number],
  requests: number,
  signal: AbortSignal,
): Promise<{ measurement: Measurement; diagnosis: Diagnosis }> {
  // The bound of the cache is a tenth of the users, as by default, so that a short demo reaches it, too.
  const service = await startService([mode, '--max-entries', String(Math.ceil(requests / 10))]);
  const progress = new ProgressLine(`${mode}  `);
  try {
    console.log(
      `\n${mode}: ${requests.toLocaleString('en')} requests over 100 connections to ${service.url}/users/random`,
    );
    const shown = fitting(screenWidth());
    console.log(header(shown));
    const target = await openTarget({ url: `${service.url}/users/random`, pid: service.pid, signal });
    try {
      const startMs = performance.now();
      const measurement = await measure(target, {
        requests,
        connections: 100,
        maxRequests: 3 * requests,
        signal,
        onRow: (row) => progress.print(line(row, shown)),
        onProgress: (now) => progress.show(now),
      });
      const { problem, v8: verdict } = measurement;
      if (problem) throw new Problem(problem.code, problem.message);
      const samples = measurement.samples.map((sample) => ({ ...sample, work: sample.requests }));
      const context = await contextOf(target, requests, signal);
      return { measurement, diagnosis: await explain(context, { verdict, samples, startMs }) };
    } finally {
      await target.release(); // before the service stops: Node does not exit while an inspector session is open
    }
  } finally {
    progress.clear();
    await service.stop();
  }
}

/** The first suspect of a diagnosis, in lines. */
function firstSuspect(diagnosis: Diagnosis | undefined): string[] {
  const first = diagnosis?.suspects[0];
  if (!diagnosis || !first) {
    const isBounded = diagnosis?.verdict?.kind === 'bounded';
    return [isBounded ? 'Suspects: none. Memory does not grow.' : 'Suspects: none.'];
  }
  return [`First suspect: ${first.name}`, weight(first, diagnosis)];
}

/** What a diagnosis of the target needs beside the measurement that is done already. */
async function contextOf(target: Target, requests: number, signal: AbortSignal) {
  const { origin, pathname: path } = new URL(target.url);
  const work = sentWork({
    origin,
    templates: [{ method: 'GET', path, headers: {} }],
    roundSize: Math.ceil(requests / 20),
    connections: 100,
    signal,
  });
  const options = {
    urls: [target.url],
    snapshot: false, // the walk alone, because snapshots would take longer than the rest of the demo
    collect: true,
    maxPauseMs: undefined,
    force: false,
    signal,
  };
  return { target: await targetAt(target.session, target.pid), work, options };
}

/** Prints both tables as one. */
function printSideBySide(measurements: Measurement[]): void {
  const wide = sideBySide(measurements, [columns.rss, columns.heap, columns.entries]);
  const narrow = sideBySide(measurements, [columns.heap, columns.entries]);
  const fits = wide.every((text) => text.length <= screenWidth());
  console.log(`\n${(fits ? wide : narrow).join('\n')}`);
}

function sideBySide(measurements: Measurement[], shown: Column[]): string[] {
  const side = header(shown);
  const rows = (measurements[0]?.rows ?? []).flatMap((first) => {
    const cells = measurements.flatMap(
      ({ rows }) => rows.find((row) => row.requests === first.requests) ?? [],
    );
    // A load that went on until its verdict was settled has rows that the other one lacks.
    if (cells.length < measurements.length) return [];
    return `${line(first, [columns.requests])}  ${cells.map((row) => `│ ${line(row, shown)}`).join(' ')}`;
  });
  return [
    `${' '.repeat(9)}  ${measurements.map(({ target }) => `│ ${(target.mode ?? '').padEnd(side.length)}`).join(' ')}`,
    `${header([columns.requests])}  ${measurements.map(() => `│ ${side}`).join(' ')}`,
    ...rows,
  ];
}
