import { rmSync } from 'node:fs';
import { constants, cp, lstat, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { linkModulesBelow } from './dependencies.js';
import { onExit } from './on-exit.js';

/** Not copied: packages are linked, and the rest is made again or is nothing that a build or a test needs. */
const LEFT_OUT = /^(?:node_modules|\.git|coverage|\.nyc_output)$/;

/** Copies of a project as it is on disk, in a temporary folder. The project's own files are not touched. */
export class ScratchCopies {
  private readonly forget: () => void;

  private constructor(
    /** The root of the repository that has the project. */
    readonly root: string,
    private readonly folder: string,
  ) {
    this.forget = onExit(() => rmSync(folder, { recursive: true, force: true }));
  }

  /** @param root the folder that has everything that the project needs */
  static async of(root: string): Promise<ScratchCopies> {
    const copies = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-scratch-')));
    return new ScratchCopies(await realpath(root), copies);
  }

  /** Makes one more copy, with its packages linked. @returns its root */
  async add(name: string): Promise<string> {
    const copy = join(this.folder, name);
    await cp(this.root, copy, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      verbatimSymlinks: true,
      filter: (source) => source === this.root || !LEFT_OUT.test(basename(source)),
    });
    await linkModulesBelow(this.root, copy);
    return copy;
  }

  /** Replaces a file of a copy, given by its path in the project. */
  async write(copy: string, file: string, text: string): Promise<void> {
    const path = relative(this.root, file);
    // A path that leads out of the project would lead out of the copy as well.
    if (path.startsWith('..') || isAbsolute(path)) throw new RangeError(`${file} is not below ${this.root}`);
    const target = join(copy, path);
    await ownPackage(copy, path);
    // A link that leads out of the copy would lead to a file of the author.
    if (!(await realpath(dirname(target))).startsWith(copy))
      throw new RangeError(`${target} is not in the copy`);
    await writeFile(target, text);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    this.forget();
  }
}

/** Packages of a copy are linked: one that is written to becomes a copy first. */
async function ownPackage(copy: string, path: string): Promise<void> {
  const inside = /^.*?node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0];
  if (inside === undefined) return;
  const folder = join(copy, inside);
  if (!(await lstat(folder)).isSymbolicLink()) return;
  const source = await realpath(folder);
  await rm(folder);
  await cp(source, folder, { recursive: true, verbatimSymlinks: true });
}
