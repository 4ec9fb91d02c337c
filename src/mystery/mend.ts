import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { COULD_NOT, interruptible } from '../command/run.js';
import { check } from './check.js';
import { exerciseOf } from './exercise.js';
import { writeExercise } from './folder.js';
import { hiddenBy } from './hidden.js';
import { hintOf } from './hints.js';
import { judge, outcome } from './judgement.js';
import { type Hint, WRONG } from './quiz.js';
import { checkedText, writtenText } from './words.js';

/** Writes the source of a mystery. @param given the folder; by default one among the temporary files */
export async function writeSource(seed: number, given: string | undefined): Promise<number> {
  const folder = resolve(given ?? join(tmpdir(), `leak-lab-mystery-${seed}`));
  await writeExercise(folder, await exerciseOf(seed, hiddenBy(seed)));
  return print(writtenText(seed, folder));
}

export async function printHint(seed: number, hint: Hint): Promise<number> {
  return print((await hintOf(seed, hint)).join('\n\n'));
}

/** Checks the service of a learner. @returns 0 when it is mended */
export function checkFolder(given: string, expected: number | undefined): Promise<number> {
  return interruptible(async (signal) => {
    const folder = resolve(given);
    const { seed, comparison } = await check(folder, signal, expected);
    print(checkedText(seed, folder, comparison));
    return { right: 0, wrong: WRONG, unknown: COULD_NOT }[outcome(judge(comparison))];
  });
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
