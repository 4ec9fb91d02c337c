import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Diagnosis, diagnoseFiles, noteText } from '../src/kit/diagnosis/index.js';
import { withSnapshots } from '../src/kit/diagnosis/snapshots/over-snapshots.js';
import { judged, leastStep, stepsOf } from '../src/kit/diagnosis/snapshots/series.js';
import { aSuspect } from './support/diagnoses.js';

const PROGRAM = new URL('support/caches-beside-leak.mjs', import.meta.url).pathname;

/** On a machine that does much else. */
const PATIENCE_MS = 600_000;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leak-lab-series-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Snapshots of one process after so many requests each. */
async function seriesOf(name: string, requests: readonly number[], ...options: string[]): Promise<string[]> {
  const files = requests.map((_, at) => join(directory, `${name}-${at}.heapsnapshot`));
  const pairs = files.flatMap((file, at) => [file, String(requests[at])]);
  await promisify(execFile)(process.execPath, [PROGRAM, ...options, ...pairs]);
  return files;
}

/** Names without their sizes, in the order of the report. */
const namesOf = (some: readonly { name: string }[]): string[] =>
  some.map(({ name }) => name.replace(/.* › | \(.*/g, ''));

describe.each([
  ['whose ids are the same', []],
  ['whose ids were lost, because an inspector was closed in between', ['--forget']],
])('three snapshots and more %s', (_, options) => {
  let diagnosis: Diagnosis;
  let files: string[];
  beforeAll(async () => {
    files = await seriesOf(`series${options.length}`, [200, 800, 400, 1_000], ...options);
    diagnosis = await diagnoseFiles(files);
  }, PATIENCE_MS);

  it('name what grew at every step, with its entries at each', () => {
    const [watchers, ...others] = diagnosis.suspects;
    expect(watchers!.name).toMatch(/› watchers\.#byId \(Map, 2,400 entries\)$/);
    expect(watchers!.inSnapshots!.map(({ entries }) => entries)).toEqual([200, 1_000, 1_400, 2_400]);
    expect(others.filter(({ name }) => !name.includes('(2,400 timers)'))).toEqual([]);
  });

  it('rule out what fills and stops: a cache with a maximum, a time to live and a ring', () => {
    expect(namesOf(diagnosis.ruledOut).toSorted()).toEqual([
      'bounded[0].rendered',
      'bounded[1].byToken',
      'bounded[2].slots',
    ]);
  });

  it('show what is inside of the entries that grow', () => {
    expect(diagnosis.suspects[0]!.contents).toEqual([
      'Object',
      '.notify()',
      'view (PriceView)',
      '.lines (Array)',
      '20 × Object',
    ]);
  });

  it('say whether owners were matched instead of ids', () => {
    const codes = diagnosis.notes.map(({ code }) => code);
    expect(codes.includes('matched-by-owner')).toBe(options.length > 0);
    expect(noteText(diagnosis.notes[0]!)).toMatch(/^The heap was .* MB, .* MB and .* MB/);
  });

  it('of two, rank what has a sign of a bound after the others, and say what cannot be told', async () => {
    const { suspects, notes } = await diagnoseFiles(files.slice(0, 2));
    expect(suspects.map(({ boundSign }) => boundSign !== undefined)).toEqual(
      suspects.map(({ boundSign }) => boundSign !== undefined).toSorted((a, b) => Number(a) - Number(b)),
    );
    expect(suspects[0]!.name).toContain('watchers.#byId');
    expect(suspects.find(({ name }) => name.includes('slots'))).toMatchObject({
      entries: 1_000,
      boundSign: { kind: 'ring', field: 'next' },
    });
    const mayFill = notes.find(({ code }) => code === 'may-fill');
    expect(noteText(mayFill!)).toMatch(
      /a maximum beside it, max.*Two snapshots cannot tell that from a leak/,
    );
    for (const { advice } of suspects) expect(advice).not.toMatch(/never removed/);
  });
});

it('what stopped is not named where the last snapshot has all that the one before had', async () => {
  const { suspects, ruledOut, notes } = await diagnoseFiles(await seriesOf('idle', [200, 800, 0]));
  expect(suspects).toEqual([]);
  expect(ruledOut.some(({ name }) => name.includes('watchers.#byId'))).toBe(true);
  expect(notes.map(({ code }) => code)).toContain('growth-ended');
});

/** An owner with so many entries, of a hundred bytes each, at each snapshot. */
const steps = (...entries: number[]) =>
  stepsOf(entries.map((one) => ({ entries: one, retainedBytes: 100 * one })));
const leak = steps(0, 1_000, 2_000, 3_000);

describe('what is ruled out over a series', () => {
  it('has stopped, whether all at once or little by little', () => {
    expect(judged([leak, steps(0, 1_000, 1_000, 1_000), steps(0, 1_000, 1_600, 1_610)])).toMatchObject([
      null,
      { code: 'stopped-growing', gained: [1_000, 0, 0] },
      { code: 'stopped-growing', gained: [1_000, 600, 10] },
    ]);
  });

  it('is no leak in a step that is short for all', () => {
    expect(judged([steps(0, 1_000, 2_000, 2_030), steps(0, 500, 1_000, 1_015)])).toEqual([null, null]);
  });

  it('is no leak that begins late', () => {
    expect(judged([leak, steps(0, 0, 1_000, 2_000)])).toEqual([null, null]);
  });

  it('gives back what it takes', () => {
    expect(judged([leak, steps(0, 1_000, 100, 1_050)])).toMatchObject([null, { code: 'gives-back' }]);
  });

  it('is no list of lists, of which the outer one has all its entries', () => {
    const tenants = [1, 2, 3, 4].map((times) => ({ entries: 10, retainedBytes: times * 1e6 }));
    expect(judged([leak, stepsOf(tenants)])).toEqual([null, null]);
  });
});

const at = (entries: number) => ({ entries, retainedBytes: 1_000 * entries });

it('a container that gained no entries is told to have grown in what they retain', () => {
  const tenants = aSuspect({ kind: 'container', type: 'Map', advice: 'It has more entries than before.' });
  expect(withSnapshots(tenants, [at(20), at(20)]).advice).toMatch(/^It has no more entries than before/);
  expect(withSnapshots(tenants, [at(20), at(21)]).advice).toBe(tenants.advice);
});

it('a leak is ranked before a cache that gained more and is nearly full', () => {
  const cache = steps(0, 6_000, 8_000, 8_500);
  expect(leastStep(leak)).toBeGreaterThan(leastStep(cache));
});
