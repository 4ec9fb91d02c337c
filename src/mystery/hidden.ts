import { createHash } from 'node:crypto';
import { specimenNames, type SpecimenName } from '../specimens/names.js';

export const MOST_SEEDS = 10_000;

/**
 * The pattern that a number hides: the name whose hash with the number is the largest. A new pattern then takes over
 * some numbers, and all others hide what they hid before.
 */
export function hiddenBy(seed: number): SpecimenName {
  const hashed = specimenNames.map((name) => ({ name, hash: hashOf(`${seed}:${name}`) }));
  return hashed.reduce((best, one) => (one.hash > best.hash ? one : best)).name;
}

const hashOf = (text: string): string => createHash('sha1').update(text).digest('hex');

export const anySeed = (): number => Math.floor(Math.random() * MOST_SEEDS);
