import type { NearbyNumber } from './bound-hints.js';
import { type UtilTypes, sizeOf, valueAt } from './reflect.js';

/** Slots of an array that are counted in one step: a few milliseconds of work. */
const MOST_COUNTED = 30_000;

/** One container at one moment. */
export interface Recount {
  /** Null where counting takes too long for one step. */
  entries: number | null;
  numbers: NearbyNumber[];
}

/** Counts entries exactly, where a walk estimates them from a sample. @returns null where that takes too long */
export function countEntries(object: object, types: UtilTypes): number | null {
  if (types.isMap(object)) return sizeOf(object, true);
  if (types.isSet(object)) return sizeOf(object, false);
  if (!Array.isArray(object) || object.length > MOST_COUNTED) return null;
  let filled = 0;
  for (let at = 0; at < object.length; at += 1) {
    const value = valueAt(object, at);
    if (value !== undefined && value !== null) filled += 1;
  }
  return filled;
}
