import { readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { writeFiles } from '../../load/report.js';
import { Problem } from '../kit/problem.js';
import { type Exercise, SERVICE_FILE } from './exercise.js';
import type { Made } from './scaffold.js';

/** The compiler, which is among the packages of the repository. */
export const COMPILER = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const PACKAGES = resolve(COMPILER, '../../..');

/** Writes an exercise into a folder that is new or empty, with a link to the packages of the repository. */
export async function writeExercise(folder: string, { files }: Exercise): Promise<void> {
  if ((await readdir(folder).catch((): string[] => [])).length > 0)
    throw new Problem(
      'LEAK_LAB_WRITE',
      `${folder} has files already, and they may be your work. Remove it (rm -r ${folder}), or choose another with --folder DIR`,
    );
  await writeFiles(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [join(folder, name), text])),
  );
  await symlink(PACKAGES, join(folder, 'node_modules'));
}

/** What the folder of a learner was made from. @throws Problem when it is not one */
export async function madeFrom(folder: string): Promise<Made> {
  try {
    await readFile(join(folder, SERVICE_FILE));
    const { mystery } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      mystery?: Made;
    };
    if (typeof mystery?.seed === 'number' && typeof mystery.source === 'string') return mystery;
  } catch {
    // The message below says what is needed.
  }
  throw new Problem(
    'LEAK_LAB_SETTINGS',
    `--check ${folder}: no folder with a ${SERVICE_FILE} of a mystery. Give the folder that npm run mystery -- --fix printed`,
  );
}
