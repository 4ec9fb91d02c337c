import type { Diagnosis, Suspect } from '../diagnosis/index.js';
import { type SuspectChange, verdictOf } from './model.js';

/**
 * Which suspects of the first version the second still has. The same owner and property is the same suspect; so is the
 * same variable in a file of another name, because two versions may be started from two files.
 */
export function suspectChange(before: Diagnosis, after: Diagnosis): SuspectChange {
  const [old, now] = [before.suspects, after.suspects];
  const isKnown = [before, after].every((one) => verdictOf(one).kind !== 'unsettled');
  const [gone, fresh] = [old.filter((one) => !isIn(now, one)), now.filter((one) => !isIn(old, one))];
  return {
    gone: isKnown ? gone : [],
    remaining: now.filter((one) => isIn(old, one)),
    new: isKnown ? fresh : [],
    unmatched: isKnown ? [] : [...gone, ...fresh],
  };
}

const isIn = (list: readonly Suspect[], one: Suspect): boolean => list.some((other) => isSame(one, other));

function isSame(one: Suspect, other: Suspect): boolean {
  const [name, otherName] = [labelOf(one), labelOf(other)];
  return name === otherName || (one.type === other.type && variableOf(name) === variableOf(otherName));
}

/** Its name without type and size, which change while it grows. */
export function labelOf({ name }: Suspect): string {
  return name.replace(/ \([^()]*\)$/, '');
}

function variableOf(label: string): string {
  return label.split(' › ').at(-1) ?? label;
}
