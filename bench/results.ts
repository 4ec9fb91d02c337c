import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../src/kit/problem.js';
import type { Figures } from './outcome.js';

/** The figures of one release, with the machine that they were measured on: `bench/results/VERSION.json`. */
export interface Results {
  version: string;
  /** The day, as `2026-01-31`. */
  date: string;
  node: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  /** Figures by part of the bench. A part that was not run is not there. */
  results: Record<string, Figures>;
}

const FOLDER = join('bench', 'results');
/** Two digits more than the noise of the figures. */
const DIGITS = 5;

/** Writes the figures of this version. Figures of parts that were not run now stay. @returns the path */
export function saveResults(results: Record<string, Figures>): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const path = join(FOLDER, `${version}.json`);
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
  };
  const saved = readdir().includes(`${version}.json`) ? readResults(path) : null;
  const isSameMachine = saved && saved.node === machine.node && saved.cpu === machine.cpu;
  const all: Results = {
    version,
    date: new Date().toISOString().slice(0, 10),
    ...machine,
    // Figures of another machine or Node version must not stand beside these.
    results: { ...(isSameMachine ? saved.results : {}), ...rounded(results) },
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
  return path;
}

/** @param path of a results file; without it, the newest release. @throws Problem LEAK_LAB_SETTINGS without one */
export function readResults(path?: string): Results {
  const file = path ?? newest();
  if (file === undefined)
    throw new Problem('LEAK_LAB_SETTINGS', `${FOLDER} has no results: save some with --save first`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results;
  } catch (cause) {
    throw new Problem('LEAK_LAB_SETTINGS', `cannot read the results ${file}: ${String(cause)}`, { cause });
  }
}

/** The figures of this run, as ratios to those before. Only figures that both have are listed. */
export function changes(before: Results, now: Record<string, Figures>): string[] {
  const lines = Object.entries(now).flatMap(([part, figures]) =>
    Object.entries(figures).flatMap(([name, figure]) => {
      const old = before.results[part]?.[name];
      if (old === undefined) return [];
      const ratio = old === 0 ? (figure === 0 ? '1.00' : 'new') : (figure / old).toFixed(2);
      return `${ratio.padStart(8)}  ${part}: ${name} (${short(old)} → ${short(figure)})`;
    }),
  );
  const { version, date, node, cpu, cores } = before;
  return [
    `Change against ${version} of ${date} (Node ${node}, ${cores} × ${cpu}), as ratios:`,
    ...(lines.length > 0 ? lines : ['  no figure is in both']),
  ];
}

function newest(): string | undefined {
  const versions = readdir()
    .filter((name) => name.endsWith('.json'))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const last = versions.at(-1);
  return last === undefined ? undefined : join(FOLDER, last);
}

function readdir(): string[] {
  try {
    return readdirSync(FOLDER);
  } catch {
    return []; // nothing was saved yet
  }
}

function rounded(results: Record<string, Figures>): Record<string, Figures> {
  return Object.fromEntries(
    Object.entries(results).map(([part, figures]) => [
      part,
      Object.fromEntries(
        Object.entries(figures).map(([name, figure]) => [name, Number(figure.toPrecision(DIGITS))]),
      ),
    ]),
  );
}

function short(figure: number): string {
  return Number(figure.toPrecision(3)).toLocaleString('en');
}
