import type { NearbyNumber } from './bound-hints.js';
import { sizeOf, valueAt } from './reflect.js';
import type { ContainerValue } from './walk-result.js';

/** Slots of an array, or properties, that are looked at in one step: a few milliseconds of work. */
const MOST_COUNTED = 30_000;

/** A container, and how many entries it had when it was walked. */
type CountedContainer = ContainerValue & { entries: number };

/** One container at one moment. */
export interface Recount {
  /** Null where counting takes too long for one step. */
  entries: number | null;
  numbers: NearbyNumber[];
}

/** Counts entries exactly, where a walk estimates them from a sample. @returns null where that takes too long */
export function countEntries(container: CountedContainer): number | null {
  switch (container.kind) {
    case 'Map':
      return sizeOf(container.object, true);
    case 'Set':
      return sizeOf(container.object, false);
    case 'Array':
      return countFilled(container.object);
    case 'Object':
      return container.entries <= MOST_COUNTED ? Reflect.ownKeys(container.object).length : null;
    case 'Buffer':
    case 'String':
    case 'List':
      return null;
  }
}

/** A long array is counted where slots that are spread over it, the newest among them, are all filled. */
function countFilled(array: readonly unknown[]): number | null {
  const step = Math.max(1, Math.ceil(array.length / MOST_COUNTED));
  let filled = 0;
  for (let at = array.length - 1; at >= 0; at -= step) {
    const value = valueAt(array, at);
    if (value !== undefined && value !== null) filled += 1;
    else if (step > 1) return null;
  }
  return step > 1 ? array.length : filled;
}
