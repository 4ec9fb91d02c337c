import { type Heap, programFiles } from '../../heap/index.js';
import { adviceFor } from '../../advice/index.js';
import type { AtSnapshot, Suspect } from '../model/result.js';
import { growthOver, withSnapshots } from './over-snapshots.js';
import { suspectsIn } from './suspects.js';

/** The smallest share of a heap that an owner retains, to be matched with the other snapshot. */
const FEWEST_MATCHED = 0.005;
/** Of the files in the earlier snapshot: two runs of one program load the same ones, and some later. */
const FEWEST_FILES = 0.8;

/** What is needed of an earlier snapshot to match its owners with those of a later one. */
export interface Owners {
  files: ReadonlySet<string>;
  totalBytes: number;
  byKey: ReadonlyMap<string, AtSnapshot>;
}

export function ownersIn(heap: Heap): Owners {
  const byKey = new Map(
    suspectsIn(heap, FEWEST_MATCHED).map((one) => [keyOf(one), atSnapshot(one)] as const),
  );
  return { files: programFiles(heap), totalBytes: heap.totalBytes, byKey };
}

/**
 * What grew over several snapshots whose ids do not match: the owners that have the same path and classes in both, with
 * what each of them retains. Null if they are snapshots of different programs.
 */
export function suspectsByOwner(heap: Heap, earlier: readonly Owners[]): Suspect[] | null {
  const files = programFiles(heap);
  if (!earlier.every((one) => isOneProgram(one.files, files))) return null;
  const total = growthOver(
    heap.totalBytes,
    earlier.map(({ totalBytes }) => totalBytes),
  );
  return suspectsIn(heap, FEWEST_MATCHED).map((one): Suspect => {
    const { heapShare: _, ...other } = one;
    const none: AtSnapshot = { entries: one.entries === null ? null : 0, retainedBytes: 0 };
    const before = earlier.map(({ byKey }) => byKey.get(keyOf(one)) ?? none);
    const gainedBytes = (one.retainedBytes ?? 0) - (before[0]?.retainedBytes ?? 0);
    const advice = adviceFor({ ...one, keys: one.sampleKeys, compared: earlier.length + 1 });
    const growthShare = Math.max(0, Math.min(1, gainedBytes / total));
    return withSnapshots({ ...other, gainedBytes, growthShare, advice }, [...before, atSnapshot(one)]);
  });
}

function atSnapshot({ entries, retainedBytes }: Suspect): AtSnapshot {
  return { entries, retainedBytes: retainedBytes ?? 0 };
}

/** Whether a program has most of the files of another one. Without files there is nothing to tell them by. */
function isOneProgram(files: ReadonlySet<string>, later: ReadonlySet<string>): boolean {
  const both = [...files].filter((file) => later.has(file)).length;
  return both > 0 && both >= FEWEST_FILES * files.size;
}

/** Names have the number of entries in them; the owner and the path do not, but for the length of a chain. */
function keyOf({ owner, path, type }: Suspect): string {
  return JSON.stringify([owner, path.map((step) => step.replace(/, [\d,]+ times$/, '')), type]);
}
