import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnoseFiles, type DiagnosisJson, diagnosisJson, noteText } from '../src/kit/diagnosis/index.js';
import { leaks, snapshotsOf } from './support/leaks.js';
import { schemaErrors } from './support/schema.js';

let directory: string;
let sessions: string[];
let callbacks: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leak-lab-diagnose-'));
  sessions = await snapshotsOf('map-in-class.mjs', directory);
  callbacks = await snapshotsOf('listeners.mjs', directory);
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs `leak-lab diagnose`. */
function diagnose(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/src/cli/main.js', 'diagnose', ...args], (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('two snapshots of one process', () => {
  it('name the owner that gained most, with advice', async () => {
    const { suspects, verdict, notes } = await diagnoseFiles(sessions);
    expect(verdict).toBeNull();
    expect(suspects[0]).toMatchObject({
      rank: 1,
      kind: 'container',
      owner: 'SessionStore',
      type: 'Map',
      entries: 4800,
      advice: expect.stringMatching(/bound/) as string,
      path: ['leaks/map-in-class.mjs', 'store (SessionStore)', '.sessions (Map)'],
      sampleKeys: expect.arrayContaining(['session-0']) as string[],
    });
    expect(suspects[0]!.name).toMatch(leaks['map-in-class.mjs']!.name);
    expect(suspects[0]!.growthShare).toBeGreaterThan(0.5);
    expect(noteText(notes[0]!)).toMatch(/The heap grew from .* to /);
  });

  it('give the place in the source of a listener', async () => {
    const [listeners] = (await diagnoseFiles(callbacks)).suspects;
    expect(listeners).toMatchObject(
      leaks['listeners.mjs']!.kind === 'listeners' ? { kind: 'listeners' } : {},
    );
    expect(listeners!.allocatedAt[0]).toMatchObject({
      file: expect.stringMatching(/leaks\/listeners\.mjs$/) as string,
      line: 9,
    });
  });

  it('are matched by their owners where V8 gave its ids anew, and a note says so', async () => {
    const again = await snapshotsOf('map-in-class.mjs', await mkdtemp(join(directory, 'again-')));
    // Two runs of one program: their ids do not match either.
    const { suspects, notes } = await diagnoseFiles([sessions[0]!, again[1]!]);
    expect(notes.map(({ code }) => code)).toEqual(['two-snapshots', 'matched-by-owner']);
    expect(suspects[0]).toMatchObject({ rank: 1, owner: 'SessionStore', type: 'Map', entries: 4800 });
    expect(suspects[0]!.growthShare).toBeGreaterThan(0.5);
  });

  it('name no suspect if nothing grew', async () => {
    const twin = join(directory, 'twin.heapsnapshot');
    await copyFile(sessions[1]!, twin);
    const { suspects, notes } = await diagnoseFiles([sessions[1]!, twin]);
    expect(suspects).toEqual([]);
    expect(noteText(notes[0]!)).toMatch(/^Nothing grew/);
  });
});

describe('one snapshot', () => {
  it('ranks its suspects by retained size, and a note says that it cannot tell a leak', async () => {
    const { suspects, notes } = await diagnoseFiles([sessions[1]!]);
    expect(suspects[0]).toMatchObject({ owner: 'SessionStore', kind: 'container' });
    expect(suspects.map(({ retainedBytes }) => retainedBytes)).toEqual(
      suspects.map(({ retainedBytes }) => retainedBytes).toSorted((a, b) => b! - a!),
    );
    expect(noteText(notes[0]!)).toMatch(/a leak and a cache of the intended size look the same/);
  });
});

describe('leak-lab diagnose', () => {
  it('prints the suspects of two files, and writes the diagnosis as JSON and as a page', async () => {
    const json = join(directory, 'diagnosis.json');
    const { code, out, err } = await diagnose(...sessions, '--json', json, '--report', directory);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(leaks['map-in-class.mjs']!.name);
    const diagnosis = JSON.parse(await readFile(json, 'utf8')) as DiagnosisJson;
    expect(await schemaErrors('diagnosis', diagnosis)).toEqual([]);
    expect(Object.keys(diagnosis)).toEqual([
      'schemaVersion',
      'target',
      'verdict',
      'triage',
      'suspects',
      'ruledOut',
      'notes',
      'snapshot',
      'timingsMs',
    ]);
    expect(out).toMatch(/^Report: .*report\.html$/m);
    expect(await readFile(join(directory, 'report.html'), 'utf8')).toContain('store.sessions (Map, ');
    const { timingsMs, ...rest } = diagnosis;
    const { timingsMs: _, ...same } = diagnosisJson(await diagnoseFiles(sessions));
    expect(rest).toEqual(same);
    expect(Object.values(timingsMs).every((ms) => ms >= 0)).toBe(true);
    expect(diagnosis.snapshot!.nodes).toBeGreaterThan(10_000);
  });

  it('prints in one line what is wrong with a file, and exits with 2', async () => {
    const { code, out, err } = await diagnose(join(directory, 'missing.heapsnapshot'));
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(/missing\.heapsnapshot cannot be read .*Check the path.*\[LEAK_LAB_SNAPSHOT\]$/m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('refuses a call without a target', async () => {
    expect(await diagnose()).toMatchObject({ code: 2, err: expect.stringMatching(/LEAK_LAB_SETTINGS/) });
  });

  it('refuses files together with a process', async () => {
    expect(await diagnose('--pid', '1', ...sessions)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/files are diagnosed without a process: .*LEAK_LAB_SETTINGS/),
    });
  });
});

it.each([
  [
    'not a snapshot',
    (file: string) => writeFile(file, 'hello'),
    (file: string) => [file],
    /\(byte 0\)\. Give a \.heapsnapshot/,
  ],
  [
    'cut short',
    async (file: string) => {
      await copyFile(sessions[0]!, file);
      await truncate(file, 1_000_000);
    },
    (file: string) => [file],
    /the snapshot ends .*Take it again/,
  ],
  ['given after the later one', undefined, () => sessions.toReversed(), /was taken before/],
  ['from another process', undefined, () => [sessions[0]!, callbacks[1]!], /not of one process/],
])('a file that is %s is refused with that reason', async (_what, prepare, files, message) => {
  const file = join(directory, 'bad.heapsnapshot');
  await prepare?.(file);
  await expect(diagnoseFiles(files(file))).rejects.toMatchObject({
    code: 'LEAK_LAB_SNAPSHOT',
    message: expect.stringMatching(message) as string,
  });
});
