import { rmSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../kit/problem.js';
import { onExit } from '../versions/index.js';

export interface Replacement {
  file: string;
  /** Null for a file that is new. */
  before: string | null;
  after: string;
}

/**
 * Replaces files as a whole: each new text is written beside its file first, and all are moved into place at the end. A
 * file that has changed since it was read is left alone, with all others; where one cannot be moved, those that were are
 * put back.
 *
 * @throws Problem LEAK_LAB_WRITE
 */
export async function replaceFiles(replacements: readonly Replacement[]): Promise<void> {
  const moves = replacements.map(({ file, ...texts }) => ({
    ...texts,
    file,
    beside: join(dirname(file), `.${basename(file)}.leak-lab-${process.pid}`),
  }));
  const moved: typeof moves = [];
  const forget = onExit(() => {
    for (const { beside } of moves) rmSync(beside, { force: true });
  });
  try {
    for (const { file, before, after, beside } of moves) {
      if ((await readFile(file, 'utf8').catch(() => null)) !== before)
        throw new Problem(
          'LEAK_LAB_WRITE',
          `${file} has changed meanwhile, and nothing was written: run this again`,
        );
      await mkdir(dirname(file), { recursive: true });
      await writeFile(beside, after, { flag: 'wx' });
      if (before !== null) await chmod(beside, (await stat(file)).mode);
    }
    for (const move of moves) {
      await rename(move.beside, move.file);
      moved.push(move);
    }
  } catch (cause) {
    for (const { beside } of moves) await rm(beside, { force: true });
    for (const { file, before } of moved) await (before === null ? rm(file) : writeFile(file, before));
    if (cause instanceof Problem) throw cause;
    throw new Problem('LEAK_LAB_WRITE', `cannot write the patch: ${(cause as Error).message}`, { cause });
  } finally {
    forget();
  }
}
