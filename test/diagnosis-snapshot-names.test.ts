import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagnoseFiles, targetAt } from '../src/kit/diagnosis/index.js';
import { compareSnapshots } from '../src/kit/diagnosis/snapshots/take.js';
import { attach } from '../src/kit/process/attach.js';
import { snapshotsOf } from './support/leaks.js';
import { startTarget } from './support/targets.js';

const leaks = fileURLToPath(new URL('support/leaks', import.meta.url));
const program = dirname(dirname(dirname(leaks)));
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leak-lab-names-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('two snapshots of a running process name a file as seen from its folder, as a walk does', async () => {
  const { child, pid, origin } = await startTarget('leaking.cjs');
  try {
    const session = await attach(pid);
    const target = await targetAt(session, pid);
    expect(target.facts.folder).toBe(process.cwd());
    const { suspects } = await compareSnapshots(target, async () => {
      for (let at = 0; at < 1_500; at += 1) await (await fetch(origin)).text();
    });
    await session.close();
    expect(suspects[0]?.path[0]).toBe('test/support/targets/leaking.cjs');
    expect(suspects[0]?.name).toMatch(/^test\/support\/targets\/leaking\.cjs › /);
  } finally {
    child.kill();
  }
});

it.each([
  ['commonjs-set.cjs', 'what a variable of a file retains', /› seen \(Set, /],
  ['timers.mjs', 'the place of a callback that Node retains', /:6 \([\d,]+ timers\)/],
])('files of %s name %s from the folder of the process where that is given', async (file, _what, rest) => {
  const files = await snapshotsOf(file, directory);
  const named = async (folder?: string) => {
    const [first] = (await diagnoseFiles(files, folder === undefined ? {} : { folder })).suspects;
    expect(first?.name).toMatch(rest);
    return [first?.name.split(/ › |:/)[0], first?.path[0]];
  };
  expect(await named()).toEqual([`leaks/${file}`, `leaks/${file}`]);
  expect(await named(leaks)).toEqual([file, file]);
  expect(await named(program)).toEqual([`test/support/leaks/${file}`, `test/support/leaks/${file}`]);
});
