import { measure, type Measurement } from '../../load/measure.js';
import { mustBeWritable, writeReport } from '../../load/report.js';
import { startService } from '../../load/service.js';
import { columns, header, line } from '../../load/table.js';
import { openTarget } from '../../load/target.js';
import type { About } from '../command/help.js';
import { duration } from '../command/format.js';
import { readKnobs, text, whole } from '../command/knobs.js';
import { interruptible } from '../command/run.js';
import { Problem } from '../kit/problem.js';
import { printVerdict } from './load.js';
import { ProgressLine } from './progress-line.js';

export const demoKnobs = {
  requests: whole({ default: 100_000, min: 10_000, max: 10_000_000, why: 'how many each mode answers' }),
  report: text({ default: 'reports/demo', placeholder: 'DIR', why: 'where report.html and looks.csv go' }),
};

export const about: About = {
  usage: 'npm run demo --',
  purpose:
    'Starts the service in both modes, one after the other, loads each, and shows the leak and the fix.',
  knobs: demoKnobs,
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
  const { requests, report } = readKnobs(demoKnobs, argv);
  return interruptible(async (signal) => {
    const start = performance.now();
    await mustBeWritable(report);
    const measurements: Measurement[] = [];
    for (const mode of MODES) measurements.push(await measureMode(mode, requests, signal));
    printSideBySide(measurements);
    for (const one of measurements) printVerdict(one);
    console.log(
      `\nReport: ${await writeReport(report, measurements)}  (${duration(performance.now() - start)})`,
    );
    const asExpected = MODES.every((mode, index) => measurements[index]!.verdict.kind === EXPECTED[mode]);
    return asExpected ? 0 : 1;
  });
}

async function measureMode(
  mode: (typeof MODES)[number],
  requests: number,
  signal: AbortSignal,
): Promise<Measurement> {
  // A cache of a tenth of the users, as by default: so that the bound is seen in a short demo too.
  const service = await startService([mode, '--max-entries', String(Math.ceil(requests / 10))]);
  const progress = new ProgressLine(`${mode}  `);
  try {
    console.log(
      `\n${mode}: ${requests.toLocaleString('en')} requests, 100 at a time, to ${service.url}/users/random`,
    );
    console.log(header());
    const target = await openTarget({ url: `${service.url}/users/random`, pid: service.pid, signal });
    try {
      const measurement = await measure(target, {
        requests,
        connections: 100,
        maxRequests: 3 * requests,
        signal,
        onRow: (row) => progress.print(line(row)),
        onProgress: (now) => progress.show(now),
      });
      const { problem } = measurement;
      if (problem) throw new Problem(problem.code, problem.message);
      return measurement;
    } finally {
      await target.release(); // before the service stops: Node does not exit while somebody looks into it
    }
  } finally {
    progress.clear();
    await service.stop();
  }
}

/** What the two tables come to, in one. */
function printSideBySide(measurements: Measurement[]): void {
  const shown = [columns.rss, columns.heap, columns.entries];
  const side = header(shown);
  console.log(
    `\n${' '.repeat(9)}  ${measurements.map(({ target }) => `│ ${(target.mode ?? '').padEnd(side.length)}`).join(' ')}`,
  );
  console.log(`${header([columns.requests])}  ${measurements.map(() => `│ ${side}`).join(' ')}`);
  const [first] = measurements;
  for (const { requests } of first!.rows) {
    const cells = measurements.map(({ rows }) => rows.find((row) => row.requests === requests));
    if (cells.some((row) => !row)) continue;
    console.log(
      `${line(cells[0]!, [columns.requests])}  ${cells.map((row) => `│ ${line(row!, shown)}`).join(' ')}`,
    );
  }
}
