import { measure, type Measurement } from '../../load/measure.js';
import { mustBeWritable, writeReport } from '../../load/report.js';
import { startService } from '../../load/service.js';
import { type Column, columns, fitting, header, line } from '../../load/table.js';
import { openTarget } from '../../load/target.js';
import type { About } from '../command/help.js';
import { duration } from '../command/format.js';
import { readOptions, text, whole } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { screenWidth } from '../command/screen.js';
import { Problem } from '../kit/problem.js';
import { type Diagnosis, explain, targetAt } from '../kit/diagnosis/index.js';
import { drivenWork } from './diagnose-work.js';
import { weight } from './diagnosis-words.js';
import { printVerdict } from './load.js';
import { ProgressLine } from './progress-line.js';

export const demoOptions = {
  requests: whole({ default: 100_000, min: 10_000, max: 10_000_000, why: 'how many each mode answers' }),
  report: text({ default: 'reports/demo', placeholder: 'DIR', why: 'where report.html and looks.csv go' }),
};

export const about: About = {
  usage: 'npm run demo --',
  purpose:
    'Starts the service in both modes, one after the other, loads each, and shows the leak and the fix.',
  options: demoOptions,
  examples: ['npm run demo', 'npm run demo -- --requests 20000'],
  exits: {
    0: 'leaky was found leaking and fixed was found bounded',
    1: 'it was not so',
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
      console.log(culprit(diagnoses[at]!).join('\n  '));
    }
    const page = await writeReport(report, measurements, diagnoses.map(culprit));
    console.log(`\nReport: ${page}  (${duration(performance.now() - start)})`);
    const asExpected = MODES.every((mode, index) => measurements[index]!.verdict.kind === EXPECTED[mode]);
    return asExpected ? 0 : 1;
  });
}

async function measureMode(
  mode: (typeof MODES)[number],
  requests: number,
  signal: AbortSignal,
): Promise<{ measurement: Measurement; diagnosis: Diagnosis }> {
  // A cache of a tenth of the users, as by default: so that the bound is seen in a short demo too.
  const service = await startService([mode, '--max-entries', String(Math.ceil(requests / 10))]);
  const progress = new ProgressLine(`${mode}  `);
  try {
    console.log(
      `\n${mode}: ${requests.toLocaleString('en')} requests, 100 at a time, to ${service.url}/users/random`,
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
      const { problem, verdict } = measurement;
      if (problem) throw new Problem(problem.code, problem.message);
      const { origin, pathname: path } = new URL(target.url);
      const work = drivenWork({
        origin,
        asks: [{ method: 'GET', path, headers: {} }],
        roundSize: Math.ceil(requests / 20),
        connections: 100,
        signal,
      });
      const samples = measurement.looks.map((look) => Object.assign(look, { work: look.requests }));
      const options = {
        urls: [target.url],
        snapshot: false, // the walk alone: a demonstration does not wait for snapshots
        collect: true,
        maxPauseMs: undefined,
        force: false,
        signal,
      };
      const diagnosed = await targetAt(target.session, target.pid);
      const diagnosis = await explain({ target: diagnosed, work, options }, { verdict, samples, startMs });
      return { measurement, diagnosis };
    } finally {
      await target.release(); // before the service stops: Node does not exit while somebody looks into it
    }
  } finally {
    progress.clear();
    await service.stop();
  }
}

/** Who holds what grew, by a walk through the process while it was loaded. */
function culprit(diagnosis: Diagnosis): string[] {
  const [first] = diagnosis.suspects;
  if (!first) return ['The culprit: none. Nothing grows.'];
  return [`The culprit: ${first.name}`, weight(first, diagnosis)];
}

/** What the two tables come to, in one. */
function printSideBySide(measurements: Measurement[]): void {
  const all = [columns.rss, columns.heap, columns.entries];
  const [wide, narrow] = [all, all.slice(1)].map((shown) => sideBySide(measurements, shown));
  console.log(`\n${(wide![0]!.length > screenWidth() ? narrow! : wide!).join('\n')}`);
}

function sideBySide(measurements: Measurement[], shown: Column[]): string[] {
  const side = header(shown);
  const [first] = measurements;
  const rows = first!.rows.flatMap(({ requests }) => {
    const cells = measurements.map(({ rows }) => rows.find((row) => row.requests === requests));
    if (cells.some((row) => !row)) return [];
    return `${line(cells[0]!, [columns.requests])}  ${cells.map((row) => `│ ${line(row!, shown)}`).join(' ')}`;
  });
  return [
    `${' '.repeat(9)}  ${measurements.map(({ target }) => `│ ${(target.mode ?? '').padEnd(side.length)}`).join(' ')}`,
    `${header([columns.requests])}  ${measurements.map(() => `│ ${side}`).join(' ')}`,
    ...rows,
  ];
}
