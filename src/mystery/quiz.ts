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
    why: 'which mystery; the same number is always the same one. Any, when it is not given',
  }),
  answer: choice(specimenNames, {
    default: undefined,
    placeholder: 'NAME',
    why: 'what you think it is: a name of the gallery (docs/patterns.md). Needs the --seed that was printed',
  }),
  giveUp: toggle({ why: 'tell me. Needs the --seed that was printed' }),
  port: serviceOptions.port,
};

export const mysteryAbout: About = {
  usage: 'npm run mystery --',
  purpose: 'Starts a service with a leak of the gallery, and does not say which. Name it.',
  options: mysteryOptions,
  examples: ['npm run mystery', 'npm run mystery -- --seed 7 --answer listeners'],
  exits: {
    0: 'ended by a signal; or the answer is right',
    [WRONG]: 'the answer is wrong',
    [COULD_NOT]: 'could not start, or could not tell',
  },
};

/** The same number hides the same leak; numbers that follow each other say nothing about each other. */
export function hiddenBy(seed: number): SpecimenName {
  const hash = createHash('sha1').update(`mystery ${seed}`).digest();
  return specimenNames[hash.readUInt32BE() % specimenNames.length]!;
}

export const anySeed = (): number => Math.floor(Math.random() * MOST_SEEDS);

/** Says whether the answer is right, or, without one, what is. @returns the exit code. */
export function checkAnswer(seed: number | undefined, answer: SpecimenName | undefined): number {
  if (seed === undefined) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'say which mystery it is about: --seed N, as it printed when it started',
    );
  }
  const hidden = hiddenBy(seed);
  const right = answer === undefined || answer === hidden;
  process.stdout.write(
    right
      ? `${answer ? 'Right' : 'It was'}: ${hidden}. The fix is the other half of src/specimens/${hidden}.ts; docs/patterns.md says why it holds.\n`
      : `Mystery ${seed} is not ${answer}. What grows, by how much a request, and who holds it? npm run diagnose tells all three.\n`,
  );
  return right ? 0 : WRONG;
}
