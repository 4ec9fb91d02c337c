import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { VerdictKind } from '../src/kit/verdict/index.js';
import { specimenNames } from '../src/specimens/names.js';
import type { Half } from './gallery-calls.js';
import { cases } from './matcher-cases.js';
import { median } from './median.js';
import type { Figures, Outcome } from './outcome.js';

interface Run {
  name: string;
  kind: VerdictKind;
  elapsedMs: number;
}

/** The smallest leak that the matcher detects by default. Below it, either verdict is right. */
const FINEST_BYTES = 16;
const RUNS = Number(process.env['MATCHER_RUNS'] ?? 10);

/** Error rates of the test matcher, and its verdicts on the gallery. MATCHER_RUNS=400 takes an hour. */
export async function matcherBench(): Promise<Outcome> {
  console.log(`The matcher on functions with a known growth rate, ${RUNS} runs each in one process`);
  const runs = await runsOf(RUNS);
  printRates(runs);
  console.log('\nThe matcher on the gallery, each half in a process of its own');
  let rightPairs = 0;
  for (const name of specimenNames) {
    const [leaky, fixed] = [await judged(name, 'leaky'), await judged(name, 'fixed')];
    console.log(name.padEnd(18), cell(leaky), cell(fixed));
    if (leaky.kind === 'leak' && fixed.kind === 'bounded') rightPairs += 1;
  }
  const figures = {
    ...figuresOf(runs),
    'share of gallery pairs judged right': rightPairs / specimenNames.length,
  };
  return { figures, passed: true };
}

function figuresOf(all: readonly Run[]): Figures {
  const figures: Figures = {};
  for (const { name, leaks } of cases) {
    const runs = all.filter((run) => run.name === name);
    const wrong = wrongKind(leaks);
    if (wrong)
      figures[`${name}: share of wrong verdicts`] =
        runs.filter(({ kind }) => kind === wrong).length / runs.length;
    figures[`${name}: median ms`] = median(runs.map(({ elapsedMs }) => elapsedMs));
  }
  return figures;
}

/** The verdict that would be an error; null where either is right. */
function wrongKind(leaks: number): VerdictKind | null {
  if (leaks === 0) return 'leak';
  return leaks > FINEST_BYTES ? 'bounded' : null;
}

async function runsOf(runs: number): Promise<Run[]> {
  const child = spawn(process.execPath, [script('matcher-child.js'), String(runs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const all: Run[] = [];
  for await (const line of createInterface(child.stdout)) all.push(JSON.parse(line) as Run);
  return all;
}

export function printRates(all: readonly Run[]): void {
  console.log(
    'function'.padEnd(26),
    'leaks'.padStart(7),
    'runs'.padStart(6),
    'wrong'.padStart(6),
    'unsettled',
    'median ms',
  );
  for (const { name, leaks } of cases) {
    const runs = all.filter((run) => run.name === name);
    const wrong = wrongKind(leaks);
    const count = (kind: VerdictKind | null): number => runs.filter((run) => run.kind === kind).length;
    console.log(
      name.padEnd(26),
      `${leaks} B`.padStart(7),
      String(runs.length).padStart(6),
      (wrong ? String(count(wrong)) : '–').padStart(6),
      String(count('unsettled')).padStart(9),
      median(runs.map(({ elapsedMs }) => elapsedMs))
        .toFixed(0)
        .padStart(9),
    );
  }
}

async function judged(name: string, half: Half): Promise<Run> {
  const { stdout } = await promisify(execFile)(process.execPath, [script('gallery-child.js'), name, half]);
  return { name, ...(JSON.parse(stdout) as Omit<Run, 'name'>) };
}

function cell({ kind, elapsedMs }: Run): string {
  return `${kind} in ${(elapsedMs / 1_000).toFixed(1)} s`.padEnd(22);
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
