import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Worktrees } from '../src/versions/index.js';
import { git } from '../src/versions/git.js';
import { startedRepository } from './support/repository.js';
import { until } from './support/until.js';

const modulesOf = (copy: string): Promise<string[]> => readdir(join(copy, 'node_modules'));

describe('copies of a repository at other commits', () => {
  let folder: string;
  let worktrees: Worktrees;
  const { signal } = new AbortController();
  const options = { build: undefined, install: undefined, signal };

  const write = async (files: Record<string, string>): Promise<void> => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  };
  const commit = async (message: string): Promise<void> => {
    await git(folder, 'add', '.');
    await git(folder, 'commit', '--quiet', '-m', message);
  };

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-worktrees-test-')));
    await startedRepository(folder);
    await write({
      '.gitignore': 'node_modules',
      'app/index.js': 'old',
      'app/package.json': '{}',
      'package.json': '{}',
      'package-lock.json': 'one',
      'packages/own/package.json': '{}',
    });
    await commit('Old');
    await write({ 'app/index.js': 'new' });
    await commit('New');
    await write({ 'package-lock.json': 'two' });
    await commit('Another lock file');
    await git(folder, 'checkout', '--quiet', 'HEAD~1');
    await write({ 'node_modules/left/index.js': 'left', 'node_modules/.cache/state': 'kept' });
    await mkdir(join(folder, 'node_modules/@own'));
    await symlink('../../packages/own', join(folder, 'node_modules/@own/own'));
    await symlink('../../outside', join(folder, 'node_modules/outside')); // as npm links a package by its path
    worktrees = await Worktrees.of(join(folder, 'app'));
  });
  afterEach(async () => {
    await worktrees.remove();
    await rm(folder, { recursive: true });
  });

  it('are in the same folder of the copy, and gone afterwards', async () => {
    const old = await worktrees.add('old', 'HEAD~1', options);
    expect(await readFile(join(old, 'index.js'), 'utf8')).toBe('old');
    expect(await readFile(join(folder, 'app/index.js'), 'utf8')).toBe('new');
    await worktrees.remove();
    await expect(readdir(old)).rejects.toThrow('ENOENT');
    expect(await git(folder, 'worktree', 'list')).not.toContain('old');
    expect(await git(folder, 'status', '--porcelain')).toBe('');
  });

  it('have the installed packages of the repository where the lock file is the same, and their own workspaces', async () => {
    const root = join(await worktrees.add('old', 'HEAD~1', options), '..');
    expect((await modulesOf(root)).toSorted()).toEqual(['@own', 'left', 'outside']);
    expect(await readFile(join(root, 'node_modules/left/index.js'), 'utf8')).toBe('left');
    expect(await realpath(join(root, 'node_modules/@own/own'))).toBe(join(root, 'packages/own'));
    expect(await readlink(join(root, 'node_modules/outside'))).toBe(join(folder, '../outside'));
  });

  it('are installed where the lock file differs, and built', async () => {
    const install = 'mkdir node_modules && cp package-lock.json node_modules/installed';
    const built = await worktrees.add('other', 'main', { signal, install, build: 'cp index.js built.js' });
    expect(await modulesOf(join(built, '..'))).toEqual(['installed']);
    expect(await readFile(join(built, 'built.js'), 'utf8')).toBe('new');
  });

  it('are refused with the output of a build that fails, and with a ref that is none', async () => {
    const failing = { ...options, build: 'echo no compiler; exit 3' };
    await expect(worktrees.add('old', 'HEAD~1', failing)).rejects.toThrow(
      /the build failed with exit code 3: .*\nno compiler/,
    );
    await expect(worktrees.add('none', 'no-branch', options)).rejects.toThrow(/no-branch is no commit/);
    await expect(worktrees.add('none', '--help', options)).rejects.toThrow(/--help is no commit/);
  });

  it('end a build that is interrupted, with its children', async () => {
    const controller = new AbortController();
    const pid = join(folder, 'node_modules/pid');
    const adding = worktrees.add('old', 'HEAD~1', {
      install: undefined,
      build: `sleep 600 & echo $! > ${pid}.part; mv ${pid}.part ${pid}; wait`,
      signal: controller.signal,
      onProgress: (text) => {
        if (text.startsWith('building')) void until(() => existsSync(pid)).then(() => controller.abort());
      },
    });
    await expect(adding).rejects.toThrow(/abort/);
    const sleeping = Number(await readFile(pid, 'utf8'));
    expect(() => process.kill(sleeping, 0)).toThrow('ESRCH');
  });
});
