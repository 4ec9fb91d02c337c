import { readOptions } from '../command/options.js';
import { run } from '../command/run.js';
import { Problem } from '../kit/problem.js';
import { anySeed } from './hidden.js';
import { checkAnswer, mysteryAbout, mysteryOptions } from './quiz.js';

async function mystery(argv: string[]): Promise<number | undefined> {
  const { seed, answer, giveUp, fix, folder, check, hint, port } = readOptions(
    mysteryOptions,
    argv,
    process.env,
  );
  mustBeOne({
    '--answer NAME': answer,
    '--give-up': giveUp,
    '--fix': fix,
    '--check DIR': check,
    '--hint N': hint,
  });
  if (folder !== undefined && !fix)
    throw new Problem('LEAK_LAB_SETTINGS', '--folder DIR is where --fix writes to: give --fix as well');
  if (answer ?? giveUp) return checkAnswer(numberOf(seed), answer);
  // Each branch loads what it needs alone: Nest and the compiler take a second.
  if (hint) return (await import('./mend.js')).printHint(numberOf(seed), hint);
  if (check !== undefined) return (await import('./mend.js')).checkFolder(check, seed);
  if (fix) return (await import('./mend.js')).writeSource(seed ?? anySeed(), folder);
  await (await import('./serve.js')).serve(seed ?? anySeed(), port);
  return undefined;
}

function mustBeOne(flags: Record<string, unknown>): void {
  const given = Object.keys(flags).filter((flag) => flags[flag]);
  if (given.length > 1)
    throw new Problem('LEAK_LAB_SETTINGS', `give one of ${given.join(' and ')}, not both`);
}

function numberOf(seed: number | undefined): number {
  if (seed !== undefined) return seed;
  throw new Problem(
    'LEAK_LAB_SETTINGS',
    '--seed N is missing: give the number that the mystery printed when it started',
  );
}

await run(mysteryAbout, mystery, process.argv.slice(2));
