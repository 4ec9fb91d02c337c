import { type Baseline, type Heap, baselineOf } from '../../heap/index.js';
import { Problem } from '../../problem.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import type { Note } from '../model/notes.js';
import type { Diagnosis, Suspect } from '../model/result.js';
import { ownersIn, type Owners, suspectsByOwner } from './by-owner.js';
import { largestUnnamed } from './largest-unnamed.js';
import { suspectsById } from './over-snapshots.js';
import { type Grown, rankGrown } from './rank-grown.js';
import { heapOf, isSameProcess, type Naming } from './read-file.js';
import { FEWEST_SHARE, suspectsIn } from './suspects.js';

export interface FilesOptions extends Naming {
  onProgress?: ((doing: string) => void) | undefined;
}

/** Suspects that have less of the heap or its growth together leave the largest other retainers to be told. */
const MOST_EXPLAINED = 0.5;

/**
 * Diagnoses one heap snapshot (its largest retainers), or several of one process with the oldest first: what grew between
 * two, what went on growing over three and more. It blocks its thread: see `diagnoseFilesInWorker`.
 *
 * @throws Problem LEAK_LAB_SNAPSHOT if a file cannot be read, or if files are not of one process in this order
 */
export async function diagnoseFiles(
  files: readonly string[],
  options: FilesOptions = {},
): Promise<Diagnosis> {
  const { onProgress } = options;
  const last = files.at(-1);
  if (last === undefined) throw new TypeError('diagnoseFiles needs a file');
  const startMs = performance.now();
  // The earlier ones are read first and released, so that two large ones are never in memory together.
  const earlier: Baseline[] = [];
  let hasSameIds = true;
  for (const file of files.slice(0, -1)) {
    onProgress?.(`reading ${file}`);
    const heap = await heapOf(file, options);
    hasSameIds = isSameProcess(earlier.at(-1), heap, files, earlier.length) && hasSameIds;
    earlier.push(baselineOf(heap));
  }
  onProgress?.(`reading ${last}`);
  const heap = await heapOf(last, options);
  hasSameIds = isSameProcess(earlier.at(-1), heap, files, earlier.length) && hasSameIds;
  const compared = hasSameIds ? null : await matchedByOwner(heap, files, options);
  const readMs = performance.now();
  onProgress?.('searching for owners');
  const { graph } = heap;
  return {
    target: { pid: null, urls: [], files: [...files], nodeVersion: null },
    verdict: null,
    triage: null,
    ...(earlier.length === 0 ? inOne(heap) : overAll(heap, earlier, compared)),
    snapshot: { bytes: graph.snapshotBytes, nodes: graph.nodeCount, edges: graph.edgeCount },
    timingsMs: { read: Math.round(readMs - startMs), analyse: Math.round(performance.now() - readMs) },
  };
}

/** Suspects that are matched by their owners: V8 forgets its ids when the last inspector session ends. */
async function matchedByOwner(
  heap: Heap,
  files: readonly string[],
  options: FilesOptions,
): Promise<Suspect[]> {
  const earlier: Owners[] = [];
  for (const file of files.slice(0, -1)) {
    options.onProgress?.(`reading ${file} again, to match owners instead of ids`);
    earlier.push(ownersIn(await heapOf(file, options)));
  }
  const suspects = suspectsByOwner(heap, earlier);
  if (suspects) return suspects;
  throw new Problem(
    'LEAK_LAB_SNAPSHOT',
    `${files.slice(0, -1).join(', ')} and ${files.at(-1)} are not of one process: snapshots can be compared if the same process wrote them, without a restart in between. Their ids differ, and so do the files of their programs`,
  );
}

function inOne(heap: Heap): Grown {
  const suspects = suspectsIn(heap);
  const notes: Note[] = [{ code: 'one-snapshot', heapBytes: heap.totalBytes }];
  const explained = suspects.reduce((sum, { heapShare = 0 }) => sum + heapShare, 0);
  if (explained < MOST_EXPLAINED) {
    const unnamed = largestUnnamed(heap, null, FEWEST_SHARE);
    if (unnamed) notes.push(unnamed);
    else if (suspects.length === 0) notes.push({ code: 'no-large-retainer', share: FEWEST_SHARE });
  }
  return { suspects, ruledOut: [], notes };
}

/** @param matched suspects by their owners; null where ids tell which objects are the same */
function overAll(heap: Heap, earlier: readonly Baseline[], matched: Suspect[] | null): Grown {
  const heapBytes = [...earlier.map(({ totalBytes }) => totalBytes), heap.totalBytes];
  const [first] = earlier;
  const [beforeBytes = 0, afterBytes] = [first?.totalBytes, heap.totalBytes];
  if (heap.totalBytes - Math.min(...heapBytes) < IDLE_DRIFT_BYTES)
    return { suspects: [], ruledOut: [], notes: [{ code: 'nothing-grew', beforeBytes, afterBytes }] };
  const compared = matched ? { suspects: matched, ruledOut: [] } : suspectsById(heap, earlier);
  const { suspects, ruledOut, notes } = rankGrown(compared, heapBytes);
  const sizes: Note =
    heapBytes.length > 2
      ? { code: 'snapshot-series', bytes: heapBytes }
      : { code: 'two-snapshots', beforeBytes, afterBytes };
  const all: Note[] = [sizes, ...(matched ? ([{ code: 'matched-by-owner' }] as const) : []), ...notes];
  const explained = [...suspects, ...ruledOut].reduce((sum, { growthShare }) => sum + (growthShare ?? 0), 0);
  // Without ids, what no owner gained cannot be told from what was there before.
  if (matched === null && first && explained < MOST_EXPLAINED) {
    const unnamed = largestUnnamed(heap, first, FEWEST_SHARE);
    if (unnamed) all.push(unnamed);
    else if (suspects.length + ruledOut.length === 0) all.push({ code: 'growth-spread-out' });
  }
  return { suspects, ruledOut, notes: all };
}
