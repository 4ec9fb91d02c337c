import type { Allocation } from './allocation-profile.js';
import type { CodePlace, Suspect } from '../result.js';
import { type Atlas, fileName } from '../naming/owner-name.js';
import type { Growth } from './suspects.js';

/** A function that makes less of what stays is no suspect. */
const LEAST_MADE = 0.1;

/**
 * The function that makes most of what stays: a lead, where no holder is seen.
 *
 * @param places of the allocations, most first
 */
export function makerOf(
  [most]: Allocation[],
  places: CodePlace[],
  { bytesPerWork, work }: Growth,
  { folder }: Atlas,
): Suspect | undefined {
  const [place] = places;
  if (!most || !place) return undefined;
  const share = most.bytes / Math.max(1, bytesPerWork * work);
  if (share < LEAST_MADE) return undefined;
  const file = fileName(place.file, folder);
  return {
    rank: 1,
    kind: 'objects',
    owner: file,
    name: `what ${place.function} at ${file}:${place.line} makes`,
    path: [],
    type: 'objects that no walk sees',
    entries: null,
    entriesPerRequest: null,
    retainedBytes: null,
    bytesPerRequest: most.bytes / work,
    share: Math.min(1, share),
    allocatedAt: places,
    bound: null,
    lesson:
      'What this function makes stays, and nobody in the program is seen to hold it. Look for what it starts and never ends: a handle or a port that is not closed, a wait for what never comes, a loop that awaits the next item and keeps those before in a variable, an entry in a list of Node itself. A heap snapshot tells who holds it.',
  };
}
