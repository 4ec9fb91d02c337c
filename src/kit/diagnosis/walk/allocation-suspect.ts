import { fileName, type NameSource, suspectFrom } from '../naming/index.js';
import type { CodePlace, Suspect } from '../model/result.js';
import type { Allocation } from './allocation-profile.js';
import { type BetweenWalks, grownBytes } from './between-walks.js';

/** A function that allocates less of the growth is no suspect. */
const LEAST_ALLOCATED = 0.1;

/** A function below the handler is named unless the handler allocates so many times as much. */
const BESIDE = 4;

/**
 * The allocation site of most of the live bytes: what is reported where no retainer is found. Null where no function
 * allocates a tenth of the growth.
 *
 * @param allocations the largest first
 * @param places of these allocations
 */
export function allocationSuspect(
  allocations: readonly Allocation[],
  places: readonly CodePlace[],
  between: BetweenWalks,
  source: NameSource,
): Suspect | null {
  const least = LEAST_ALLOCATED * grownBytes(between);
  // The handler of the request calls all others, and is no news. Below it, the largest is the innermost.
  const below = allocations.findIndex(
    ({ bytes, isEntry }) => !isEntry && bytes >= Math.max(least, (allocations[0]?.bytes ?? 0) / BESIDE),
  );
  const at = places[below] ? below : 0;
  const [most, place] = [allocations[at], places[at]];
  if (!most || !place) return null;
  const share = most.bytes / grownBytes(between);
  if (share < LEAST_ALLOCATED) return null;
  const file = fileName(place.file, source);
  const suspect = suspectFrom({
    kind: 'objects',
    owner: file,
    subject: `allocated by ${place.function} at ${file}:${place.line}`,
    size: 'its retainer was not found',
    path: [],
    type: 'objects that the walk does not reach',
    entries: null,
    entriesPerWork: null,
    retainedBytes: null,
    bytesPerWork: most.bytes / between.work,
    growthShare: Math.min(1, share),
    allocatedAt: [place, ...places.filter((one) => one !== place)],
    bound: null,
  });
  return { ...suspect, advice: ADVICE };
}

const ADVICE =
  'What this function allocates stays alive. The walk found no container that gained 4 % of the growth or more: the retainer may be one that it cannot see, or many small ones. Look for what it starts and never ends: a handle or port that is not closed, a promise that never settles, a loop that keeps earlier items in a variable, an entry in one of Node’s own lists. A heap snapshot shows the retainer.';
