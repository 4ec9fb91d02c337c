import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnoseFiles } from '../src/kit/diagnosis/index.js';
import { besideStaticData, heldByNode, insideOfNode, leaks, snapshotsOf } from './support/leaks.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leak-lab-shapes-'));
});
afterAll(() => rm(directory, { recursive: true }));

it.each(Object.entries(leaks))('%s: one snapshot and two name the owner first', async (program, expected) => {
  const [before, after] = await snapshotsOf(program, directory);
  for (const files of [[after!], [before!, after!]]) {
    const [first] = (await diagnoseFiles(files)).suspects;
    expect(first).toMatchObject({ kind: expected.kind });
    expect(first!.name).toMatch(expected.name);
  }
  await Promise.all([before!, after!].map((file) => rm(file)));
});

it('a small leak beside large data that stays is named first by two snapshots', async () => {
  const [first, ...others] = (await diagnoseFiles(await snapshotsOf('beside-static-data.mjs', directory)))
    .suspects;
  expect(first).toMatchObject({ kind: besideStaticData.kind });
  expect(first!.name).toMatch(besideStaticData.name);
  expect(others).toEqual([]);
});

it('what the program has a list of Node grow by is named by two snapshots, and by one not', async () => {
  const files = await snapshotsOf('performance-marks.mjs', directory);
  const [first] = (await diagnoseFiles(files)).suspects;
  expect(first).toMatchObject({ kind: insideOfNode.kind });
  expect(first!.name).toMatch(insideOfNode.name);
  const [alone] = (await diagnoseFiles(files.slice(1))).suspects;
  expect(alone?.name ?? '').not.toMatch(insideOfNode.name);
});

it('says of what class they are that native code alone holds, where there are ever more of them', async () => {
  const [before, after] = await snapshotsOf('broadcast-channels.mjs', directory, 800);
  const [first] = (await diagnoseFiles([before!, after!])).suspects;
  expect(first).toMatchObject({ kind: heldByNode.kind, advice: expect.stringContaining('Close each') });
  expect(first!.name).toMatch(heldByNode.name);
});
