import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnoseFiles } from '../src/kit/diagnosis/index.js';
import { besideStaticData, insideOfNode, retainedByNative, leaks, snapshotsOf } from './support/leaks.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leak-lab-shapes-'));
});
afterAll(() => rm(directory, { recursive: true }));

it.each(Object.entries(leaks))(
  'the leak of %s is the first suspect of one snapshot and of two',
  async (program, expected) => {
    const [before, after] = await snapshotsOf(program, directory);
    for (const files of [[after!], [before!, after!]]) {
      const [first] = (await diagnoseFiles(files)).suspects;
      expect(first).toMatchObject({ kind: expected.kind });
      expect(first!.name).toMatch(expected.name);
    }
    await Promise.all([before!, after!].map((file) => rm(file)));
  },
);

it('a small leak beside large static data is the only suspect of two snapshots', async () => {
  const [first, ...others] = (await diagnoseFiles(await snapshotsOf('beside-static-data.mjs', directory)))
    .suspects;
  expect(first).toMatchObject({ kind: besideStaticData.kind });
  expect(first!.name).toMatch(besideStaticData.name);
  expect(others).toEqual([]);
});

it('a list of Node that the program fills is a suspect of two snapshots, but not of one', async () => {
  const files = await snapshotsOf('performance-marks.mjs', directory);
  const [first] = (await diagnoseFiles(files)).suspects;
  expect(first).toMatchObject({ kind: insideOfNode.kind });
  expect(first!.name).toMatch(insideOfNode.name);
  const [alone] = (await diagnoseFiles(files.slice(1))).suspects;
  expect(alone?.name ?? '').not.toMatch(insideOfNode.name);
});

it('growing objects that only native code retains are named by their class', async () => {
  const [before, after] = await snapshotsOf('broadcast-channels.mjs', directory, 800);
  const [first] = (await diagnoseFiles([before!, after!])).suspects;
  expect(first).toMatchObject({ kind: retainedByNative.kind, advice: expect.stringContaining('Close each') });
  expect(first!.name).toMatch(retainedByNative.name);
});
