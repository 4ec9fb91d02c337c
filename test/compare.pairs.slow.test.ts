import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonJson } from '../src/kit/compare/index.js';
import { specimenNames } from '../src/specimens/names.js';
import { startCommand } from './support/command.js';

/* The service, and each pattern of the gallery, as a change: one half before, the other after. */

type Half = 'leaky' | 'fixed';

const MAIN = `${process.execPath} dist/src/main.js`;
const HEAD = ['what', 'before', 'after', 'verdict', 'seconds', 'B/request', 'then', 'answers'];

let folder: string;
const rows: string[][] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-compare-test-'));
});
afterAll(async () => {
  const widths = [17, 8, 8, 12, 9, 11, 8, 8];
  const lines = [HEAD, ...rows].map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(''));
  console.log(lines.join('\n'));
  await rm(folder, { recursive: true });
});

/** Runs the command on two halves of the service, and notes a row of the table. */
async function compared(
  what: string,
  [before, after]: [Half, Half],
  { options = '', path = '/users/{n}' } = {},
): Promise<ComparisonJson> {
  const file = join(folder, 'comparison.json');
  const start = (half: Half): string => `${MAIN} ${half} ${options} --port {port}`;
  const versions = ['--before', start(before), '--after', start(after), '--json', file];
  const { err } = await startCommand(['compare', ...versions, '--url', `http://127.0.0.1:{port}${path}`])
    .ended;
  expect(err).toBe('');
  const json = JSON.parse(await readFile(file, 'utf8')) as ComparisonJson;
  const seconds = String(Math.round(json.durationMs / 1_000));
  const rates = [json.before, json.after].map(rateOf);
  rows.push([what, before, after, json.verdict.kind, seconds, ...rates, json.answers.kind]);
  return json;
}

function rateOf({ verdict }: ComparisonJson['before']): string {
  const rate = verdict !== null && 'bytesPerRequest' in verdict ? verdict.bytesPerRequest : null;
  return rate ? String(Math.round(rate.estimate)) : '–';
}

describe('the service', () => {
  it('is fixed by its bound', async () => {
    const { verdict, answers } = await compared('service', ['leaky', 'fixed']);
    expect([verdict.kind, answers.kind], verdict.reason).toEqual(['fixed', 'same']);
  });

  it('is a regression without it', async () => {
    const { verdict } = await compared('service', ['fixed', 'leaky']);
    expect(verdict.kind, verdict.reason).toBe('regressed');
  });

  it.each(Array.from({ length: 20 }, (_, i) => i + 1))('is unchanged with it, run %i', async (run) => {
    const { verdict } = await compared(`service, run ${run}`, ['fixed', 'fixed']);
    const { kind, reason, reasonCode } = verdict;
    expect([kind, reasonCode], reason).toEqual(['unchanged', 'both-bounded']);
  });
});

describe('the fix of every pattern', () => {
  it.each(specimenNames)('is called fixed: %s', async (name) => {
    const requests = { options: `--specimen ${name}`, path: `/specimens/${name}/{random}` };
    const { verdict, answers } = await compared(name, ['leaky', 'fixed'], requests);
    expect([verdict.kind, answers.kind, answers.different], verdict.reason).toEqual(['fixed', 'same', 0]);
  });
});
