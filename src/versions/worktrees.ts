import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { installDependencies } from './dependencies.js';
import { commitOf, git, repositoryOf } from './git.js';
import { onExit } from './on-exit.js';
import { runStep } from './step.js';

export interface BuildOptions {
  /** Builds a version in its folder; none where it runs as it is. */
  build: string | undefined;
  /** Installs the dependencies of a version; by default as its lock file says. */
  install: string | undefined;
  signal: AbortSignal;
  onProgress?: ((text: string) => void) | undefined;
}

/** Copies of a repository at other commits, in a temporary folder. The repository's own files are not touched. */
export class Worktrees {
  private readonly forget: () => void;
  private readonly added = new Set<string>();

  private constructor(
    readonly repository: string,
    /** The folder inside the repository in which commands run; empty for its root. */
    private readonly inside: string,
    private readonly folder: string,
  ) {
    this.forget = onExit(() => {
      rmSync(folder, { recursive: true, force: true });
      spawnSync('git', ['-C', repository, 'worktree', 'prune']);
    });
  }

  /** @param folder inside the repository; commands run in the same folder of each copy */
  static async of(folder: string): Promise<Worktrees> {
    const repository = await realpath(await repositoryOf(folder));
    const inside = relative(repository, await realpath(folder));
    // The real path: macOS links its temporary folder, and a program reports its files by their real paths.
    const copies = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-versions-')));
    return new Worktrees(repository, inside, copies);
  }

  /**
   * Checks a version out, installs its dependencies and builds it.
   *
   * @returns the folder in which to start it
   * @throws Problem LEAK_LAB_VERSION when one of these fails
   */
  async add(name: string, ref: string, options: BuildOptions): Promise<string> {
    const { signal, onProgress, build, install } = options;
    signal.throwIfAborted();
    const commit = await commitOf(this.repository, ref);
    const root = join(this.folder, name);
    onProgress?.(`checking out ${name}`);
    this.added.add(root);
    // Hooks of the repository would run commands of the author in the copy.
    const noHooks = ['-c', 'core.hooksPath=/dev/null'];
    await git(this.repository, ...noHooks, 'worktree', 'add', '--detach', '--quiet', root, commit);
    signal.throwIfAborted();
    const folder = join(root, this.inside);
    onProgress?.(`installing the dependencies of ${name}`);
    await installDependencies(this.repository, root, this.inside, { install, signal });
    if (build !== undefined) {
      onProgress?.(`building ${name}`);
      await runStep('build', build, folder, signal);
    }
    return folder;
  }

  /** Removes one copy, which is no longer needed. */
  async drop(name: string): Promise<void> {
    const root = join(this.folder, name);
    if (!this.added.delete(root)) return;
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
    await git(this.repository, 'worktree', 'prune');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    await git(this.repository, 'worktree', 'prune');
    this.forget();
  }
}
