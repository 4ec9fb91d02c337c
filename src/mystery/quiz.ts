import type { About } from '../command/help.js';
import { choice, text, toggle, whole } from '../command/options.js';
import { COULD_NOT } from '../command/run.js';
import { serviceOptions } from '../settings.js';
import { specimenNames, type SpecimenName } from '../specimens/names.js';
import { hiddenBy, MOST_SEEDS } from './hidden.js';

export const WRONG = 1;

export const HINTS = ['1', '2', '3'] as const;
export type Hint = (typeof HINTS)[number];

export const mysteryOptions = {
  seed: whole({
    default: undefined,
    min: 0,
    max: MOST_SEEDS - 1,
    example: 7,
    why: 'number of the mystery; the same number always hides the same leak (default: a random number)',
  }),
  answer: choice(specimenNames, {
    default: undefined,
    placeholder: 'NAME',
    why: 'your answer: the name of a pattern in docs/patterns.md. Give the --seed that the service printed as well',
  }),
  giveUp: toggle({ why: 'print the answer. Give the --seed that the service printed as well' }),
  fix: toggle({
    why: 'write the source of the service into a new folder, for you to mend; without --seed, of a random mystery',
  }),
  folder: text({
    default: undefined,
    placeholder: 'DIR',
    example: '/tmp/mystery-7',
    why: 'with --fix: the folder to write to (default: a new one among the temporary files). It stays until you remove it',
  }),
  check: text({
    default: undefined,
    placeholder: 'DIR',
    example: '/tmp/mystery-7',
    why: 'check the service in this folder: is its memory bounded, are its answers those of the leaky original, and is it about as fast? Takes a minute or two',
  }),
  hint: choice(HINTS, {
    default: undefined,
    why: 'print a hint: what grows (1), how that comes about (2), or the line, the pattern and the fix (3). Give the --seed as well',
  }),
  port: serviceOptions.port,
};

export const mysteryAbout: About = {
  usage: 'npm run mystery --',
  purpose:
    'Starts a service with one of the leak patterns, and checks your answer to which one it is; or gives you its source, and checks whether you have mended it.',
  options: mysteryOptions,
  examples: [
    'npm run mystery',
    'npm run mystery -- --seed 7 --answer listeners',
    'npm run mystery -- --seed 7 --fix --folder /tmp/mystery-7',
    'npm run mystery -- --check /tmp/mystery-7',
    'npm run mystery -- --seed 7 --hint 1',
  ],
  exits: {
    0: 'the answer is right, the service is mended, what was asked for is printed or written, or a signal stopped the service',
    [WRONG]: 'the answer is wrong, or the service is not mended yet',
    [COULD_NOT]:
      'could not start or build it, could not tell whether it is mended, or a flag is wrong or missing',
    130: 'a check was interrupted',
  },
};

/** Prints whether the answer is right; without an answer, prints the right one. @returns the exit code. */
export function checkAnswer(seed: number, answer: SpecimenName | undefined): number {
  const hidden = hiddenBy(seed);
  const right = answer === undefined || answer === hidden;
  process.stdout.write(
    right
      ? `${answer ? 'Right' : 'It was'}: ${hidden}. The fix is the other half of src/specimens/${hidden}.ts; docs/patterns.md explains it.\n`
      : `Mystery ${seed} is not ${answer}. npm run diagnose shows what grows, how fast, and what retains it.\n`,
  );
  return right ? 0 : WRONG;
}
