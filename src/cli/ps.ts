import type { About } from '../command/help.js';
import { duration, megabytes } from '../command/format.js';
import { readOptions, toggle } from '../command/options.js';
import { memberName, type NodeProcess, nodeProcesses } from '../kit/members/index.js';

export const psOptions = {
  json: toggle({ why: 'print JSON instead of a table' }),
} as const;

export const about: About = {
  usage: 'npm run ps --',
  purpose:
    'Lists the Node processes of this user: what each runs, its ports, its memory, and whether it can be diagnosed. It only reads, and sends no signal.',
  options: psOptions,
  examples: ['npm run ps', 'npm run ps -- --json'],
  exits: { 0: 'the processes were listed', 2: 'could not list them' },
};

export async function work(argv: string[]): Promise<number> {
  const { json } = readOptions(psOptions, argv);
  const found = (await nodeProcesses()).filter(({ pid }) => pid !== process.pid);
  console.log(json ? JSON.stringify({ processes: found }, null, 2) : lines(found).join('\n'));
  return 0;
}

const TITLES = ['pid', 'what it is', 'Node', 'ports', 'RSS MB', 'age', 'can be diagnosed'];
/** Columns of figures are aligned at their right. */
const FIGURES = new Set([0, 4, 5]);

function lines(found: readonly NodeProcess[]): string[] {
  if (found.length === 0) return ['No Node process of this user runs.'];
  const rows = [TITLES, ...found.map((one) => cells(one))];
  const widths = TITLES.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => (FIGURES.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

function cells(one: NodeProcess): string[] {
  const { pid, nodeVersion, ports, rssBytes, ageMs, inspector } = one;
  return [
    String(pid),
    memberName(one),
    nodeVersion ?? '–',
    ports.join(' ') || '–',
    rssBytes === null ? '–' : megabytes(rssBytes),
    ageMs === null ? '–' : duration(ageMs),
    INSPECTOR[inspector],
  ];
}

const INSPECTOR: Record<NodeProcess['inspector'], string> = {
  signal: 'yes',
  open: 'yes, its inspector is open',
  'no-handler': 'no: it does not handle SIGUSR1 (--disable-sigusr1?)',
  'other-namespace': 'from inside its container',
  launcher: 'what it started is below it',
};
