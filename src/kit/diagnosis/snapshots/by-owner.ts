import { type Heap, programFiles } from '../../heap/index.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import type { Suspect } from '../model/result.js';
import { ranked } from '../naming/index.js';
import { FEWEST_SHARE, suspectsIn } from './suspects.js';

/** The smallest share of a heap that an owner retains, to be matched with the other snapshot. */
const FEWEST_MATCHED = 0.002;
/** Of the files in the earlier snapshot: two runs of one program load the same ones, and some later. */
const FEWEST_FILES = 0.8;

/**
 * What grew between two snapshots whose ids do not match: the owners that both have, by their paths and classes, with
 * what each of them retains. Null if they are snapshots of different programs.
 */
export function suspectsByOwner(before: Heap, after: Heap): Suspect[] | null {
  if (!isOneProgram(programFiles(before), programFiles(after))) return null;
  const grownBytes = after.totalBytes - before.totalBytes;
  if (grownBytes < IDLE_DRIFT_BYTES) return [];
  const bytesBefore = new Map(
    suspectsIn(before, null, FEWEST_MATCHED).map((one) => [keyOf(one), one.retainedBytes ?? 0]),
  );
  const grown = suspectsIn(after, null, FEWEST_MATCHED).flatMap((one): Suspect[] => {
    const gainedBytes = (one.retainedBytes ?? 0) - (bytesBefore.get(keyOf(one)) ?? 0);
    if (gainedBytes < FEWEST_SHARE * grownBytes) return [];
    const { heapShare: _, ...other } = one;
    return [{ ...other, gainedBytes, growthShare: Math.min(1, gainedBytes / grownBytes) }];
  });
  return ranked(grown.toSorted((a, b) => (b.gainedBytes ?? 0) - (a.gainedBytes ?? 0)).slice(0, 5));
}

/** Whether a program has most of the files of another one. Without files there is nothing to tell them by. */
function isOneProgram(files: ReadonlySet<string>, later: ReadonlySet<string>): boolean {
  const both = [...files].filter((file) => later.has(file)).length;
  return both > 0 && both >= FEWEST_FILES * files.size;
}

/** Names have the number of entries in them; the owner and the path do not. */
function keyOf({ owner, path, type }: Suspect): string {
  return JSON.stringify([owner, path, type]);
}
