import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { VerdictKind } from '../src/kit/verdict/index.js';
import { specimenNames } from '../src/specimens/names.js';
import type { Half } from './gallery-calls.js';
import { cases } from './matcher-cases.js';
import { median } from './median.js';

interface Run {
  name: string;
  kind: VerdictKind;
  elapsedMs: number;
}

/** Below the smallest leak that the matcher looks for by default, either answer is right. */
const FINEST_BYTES = 16;
const RUNS = Number(process.env['MATCHER_RUNS'] ?? 10);

/** How often the matcher errs, and what it finds in the gallery. MATCHER_RUNS=400 takes an hour. */
export async function matcherBench(): Promise<void> {
  console.log(`The matcher on functions whose truth is known, ${RUNS} runs each in one process`);
  printRates(await runsOf(RUNS));
  console.log('\nThe gallery, each half in a process of its own');
  for (const name of specimenNames) {
    const [leaky, fixed] = [await judged(name, 'leaky'), await judged(name, 'fixed')];
    console.log(name.padEnd(18), cell(leaky), cell(fixed));
  }
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
    'keeps'.padStart(7),
    'runs'.padStart(6),
    'wrong'.padStart(6),
    'unsettled',
    'median ms',
  );
  for (const { name, keeps } of cases) {
    const runs = all.filter((run) => run.name === name);
    const wrongKind = keeps === 0 ? 'leak' : keeps > FINEST_BYTES ? 'bounded' : null;
    const count = (kind: VerdictKind | null): number => runs.filter((run) => run.kind === kind).length;
    console.log(
      name.padEnd(26),
      `${keeps} B`.padStart(7),
      String(runs.length).padStart(6),
      (wrongKind ? String(count(wrongKind)) : '–').padStart(6),
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
