import { renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
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
 * file that has changed since it was read is left alone, with all others; where one cannot be moved, or the work is
 * interrupted, those that were are put back, also where the process exits.
 *
 * @throws Problem LEAK_LAB_WRITE; the reason of the signal where that was aborted
 */
export async function replaceFiles(replacements: readonly Replacement[], signal: AbortSignal): Promise<void> {
  const moves = replacements.map((one): Move => ({
    ...one,
    beside: join(dirname(one.file), `.${basename(one.file)}.leak-lab-${process.pid}`),
  }));
  const moved: Move[] = [];
  const undo = (): void => {
    for (const move of moved.splice(0)) putBack(move);
    for (const { beside } of moves) rmSync(beside, { force: true });
    for (const { file, made } of moves) if (made !== undefined) removeFolders(dirname(file), made);
  };
  const forget = onExit(undo);
  try {
    for (const move of moves) await prepare(move);
    for (const move of moves) {
      signal.throwIfAborted();
      // Nothing runs between the two, so that what was moved is known to have been.
      renameSync(move.beside, move.file);
      moved.push(move);
    }
    await setImmediate(); // a signal that came meanwhile
    signal.throwIfAborted();
  } catch (cause) {
    undo();
    if (signal.aborted || cause instanceof Problem) throw cause;
    throw new Problem('LEAK_LAB_WRITE', `cannot write the patch: ${(cause as Error).message}`, { cause });
  } finally {
    forget();
  }
}

interface Move extends Replacement {
  /** Where its new text is written first, and its old one where it is put back. */
  beside: string;
  /** The outermost folder that was made for it. */
  made?: string | undefined;
}

async function prepare(move: Move): Promise<void> {
  const { file, before, after, beside } = move;
  if ((await readFile(file, 'utf8').catch(() => null)) !== before)
    throw new Problem(
      'LEAK_LAB_WRITE',
      `${file} has changed meanwhile, and nothing was written: run this again`,
    );
  move.made = await mkdir(dirname(file), { recursive: true });
  await writeFile(beside, after, { flag: 'wx' });
  if (before !== null) await chmod(beside, (await stat(file)).mode);
}

function putBack({ file, before, beside }: Move): void {
  if (before === null) {
    rmSync(file);
    return;
  }
  writeFileSync(beside, before, { mode: statSync(file).mode });
  renameSync(beside, file);
}

/** Removes a folder and those around it up to one that was made, as long as they are empty. */
function removeFolders(from: string, made: string): void {
  try {
    for (let folder = from; folder.startsWith(made); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Something else is in it by now.
  }
}
