import { createHash } from 'node:crypto';
import type { About } from '../command/help.js';
import { choice, toggle, whole } from '../command/options.js';
import { COULD_NOT } from '../command/run.js';
import { Problem } from '../kit/problem.js';
import { serviceOptions } from '../settings.js';
import { specimenNames, type SpecimenName } from '../specimens/names.js';

const MOST_SEEDS = 10_000;
export const WRONG = 1;

export const mysteryOptions = {
  seed: whole({
    default: undefined,
    min: 0,
    max: MOST_SEEDS - 1,
    why: 'number of the mystery; the same number always hides the same leak (default: a random number)',
  }),
  answer: choice(specimenNames, {
    default: undefined,
    placeholder: 'NAME',
    why: 'your answer: the name of a pattern in docs/patterns.md. Give the --seed that the service printed as well',
  }),
  giveUp: toggle({ why: 'print the answer. Give the --seed that the service printed as well' }),
  port: serviceOptions.port,
};

export const mysteryAbout: About = {
  usage: 'npm run mystery --',
  purpose: 'Starts a service with one of the leak patterns, and checks your answer to which one it is.',
  options: mysteryOptions,
  examples: ['npm run mystery', 'npm run mystery -- --seed 7 --answer listeners'],
  exits: {
    0: 'stopped by a signal, or the answer is right',
    [WRONG]: 'the answer is wrong',
    [COULD_NOT]: 'could not start, or a flag is wrong or missing',
  },
};

/** The pattern that a number hides. It is hashed, so that consecutive numbers do not show the order of the list. */
export function hiddenBy(seed: number): SpecimenName {
  const hash = createHash('sha1').update(`mystery ${seed}`).digest();
  const name = specimenNames[hash.readUInt32BE() % specimenNames.length];
  if (name === undefined) throw new Error('unreachable: the remainder is an index of the list');
  return name;
}

export const anySeed = (): number => Math.floor(Math.random() * MOST_SEEDS);

/** Prints whether the answer is right; without an answer, prints the right one. @returns the exit code. */
export function checkAnswer(seed: number | undefined, answer: SpecimenName | undefined): number {
  if (seed === undefined) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      '--seed N is missing: give the number that the mystery printed when it started',
    );
  }
  const hidden = hiddenBy(seed);
  const right = answer === undefined || answer === hidden;
  process.stdout.write(
    right
      ? `${answer ? 'Right' : 'It was'}: ${hidden}. The fix is the other half of src/specimens/${hidden}.ts; docs/patterns.md explains it.\n`
      : `Mystery ${seed} is not ${answer}. npm run diagnose shows what grows, how fast, and what retains it.\n`,
  );
  return right ? 0 : WRONG;
}
