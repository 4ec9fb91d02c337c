import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suspectFiles } from '../src/cli/bisect-words.js';
import { bisect, type Bisected, type Measured } from '../src/versions/index.js';
import { git } from '../src/versions/git.js';
import { aSuspect } from './support/diagnoses.js';
import { startedRepository } from './support/repository.js';

const COMMITS = 40;
const rate = { estimate: 480, low: 470, high: 490 };

const leaks = async (): Promise<Measured> => ({ kind: 'leak', growthRate: rate, reason: '' });

describe('bisecting a repository of 40 commits', () => {
  let folder: string;
  let commits: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-bisect-test-'));
    await startedRepository(folder);
    commits = [];
    for (let number = 1; number <= COMMITS; number += 1) {
      await writeFile(join(folder, 'number'), String(number));
      await git(folder, 'add', '.');
      await git(folder, 'commit', '--quiet', '-m', `Commit ${number}`);
      commits.push(await git(folder, 'rev-parse', 'HEAD'));
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Bisects with the commits from `first` on leaking. */
  function searched(first: number, skipped: number[] = []): Promise<Bisected> {
    const measure = async (commit: string): Promise<Measured> => {
      const number = commits.indexOf(commit) + 1;
      if (skipped.includes(number)) return { kind: 'skipped', growthRate: null, reason: 'it does not build' };
      const kind = number >= first ? 'leak' : 'bounded';
      return { kind, growthRate: rate, reason: 'as drawn' };
    };
    const { signal } = new AbortController();
    return bisect({ repository: folder, good: commits[0] ?? '', bad: 'HEAD', signal, measure });
  }

  it(
    'finds any first commit in at most seven measurements, with the rate on both sides',
    { timeout: 60_000 },
    async () => {
      let most = 0;
      for (const first of [2, 3, 21, 39, 40]) {
        const { found, steps } = await searched(first);
        expect(found?.first.commit, `commit ${first}`).toBe(commits[first - 1]);
        expect(found?.parent.commit).toBe(commits[first - 2]);
        expect([found?.first.growthRate, found?.parent.growthRate]).toEqual([rate, rate]);
        most = Math.max(most, steps.length);
      }
      expect(most).toBeLessThanOrEqual(7);
    },
  );

  it('skips commits that cannot be measured, and says which are left where they hide the leak', async () => {
    const beside = await searched(30, [20, 21, 10]);
    expect(beside.found?.first.commit).toBe(commits[29]);
    const hidden = await searched(30, [29]);
    expect(hidden.found).toBeNull();
    expect(new Set(hidden.candidates)).toEqual(new Set(commits.slice(28, 30)));
    expect(hidden.steps.some(({ kind }) => kind === 'skipped')).toBe(true);
  });

  it('refuses ends that are not as they were said to be', async () => {
    await expect(searched(41)).rejects.toThrow(/the bad end, \w+ Commit 40, does not leak/);
    await expect(searched(1)).rejects.toThrow(/the good end, \w+ Commit 1, leaks as well/);
    const { signal } = new AbortController();
    const ends = { repository: folder, signal, measure: leaks };
    await expect(bisect({ ...ends, good: 'HEAD', bad: commits[0] ?? '' })).rejects.toThrow(/other way round/);
    await expect(bisect({ ...ends, good: 'nowhere', bad: 'HEAD' })).rejects.toThrow(/nowhere is no commit/);
    expect(await readFile(join(folder, 'number'), 'utf8')).toBe('40');
  });
});

it.each([
  ['its name, path and allocation sites', 'src/cache.js', '/tmp/copy/app/src/store.ts'],
  ['what was built of them', 'dist/cache.js', '/tmp/copy/dist/store.js'],
])('the files that a suspect names are those of %s', (_, owner, allocatedIn) => {
  const suspect = aSuspect({
    owner,
    name: `${owner} › orders (Map, 9 entries)`,
    path: [owner, 'orders'],
    allocatedAt: [{ function: 'add', file: allocatedIn, line: 1, column: 1 }],
  });
  const named = ['src/cache.js', 'app/src/store.ts'];
  const others = ['other/cache.js', 'src/other/store.ts', 'src/orders.js', 'README.md', 'he.js'];
  expect(suspectFiles([...named, ...others], [suspect])).toEqual(named);
});
