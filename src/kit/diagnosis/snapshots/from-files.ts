import {
  type Baseline,
  type Heap,
  HeapSnapshotError,
  baselineOf,
  readHeap,
  snapshotOrderOf,
} from '../../heap/index.js';
import { Problem } from '../../problem.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import type { Note } from '../model/notes.js';
import type { Diagnosis, Suspect } from '../model/result.js';
import { largestUnnamed, largestUnnamedGain } from './largest-unnamed.js';
import { suspectsByOwner } from './by-owner.js';
import { FEWEST_SHARE, suspectsIn } from './suspects.js';

/**
 * Diagnoses one heap snapshot (its largest retainers), or two of one process with the earlier one first (what grew
 * between them). It blocks its thread: see `diagnoseFilesInWorker`.
 *
 * @throws Problem LEAK_LAB_SNAPSHOT if a file cannot be read, or if two files are not of one process in this order
 */
export async function diagnoseFiles(
  files: readonly string[],
  onProgress?: (doing: string) => void,
): Promise<Diagnosis> {
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError('diagnoseFiles needs one file, or two');
  const startMs = performance.now();
  onProgress?.(`reading ${first}`);
  // The earlier one is read first and released, so that two large ones are never in memory together.
  const before = first === last ? null : baselineOf(await heapOf(first));
  if (before) onProgress?.(`reading ${last}`);
  const heap = await heapOf(last);
  const matched = before && (await matchedIfIdsDiffer(before, heap, first, last, onProgress));
  const readMs = performance.now();
  onProgress?.('searching for owners');
  const suspects = matched ?? suspectsIn(heap, before);
  const { graph } = heap;
  return {
    target: { pid: null, urls: [], files: [...files], nodeVersion: null },
    verdict: null,
    triage: null,
    suspects,
    ruledOut: [],
    notes:
      before === null ? notesOnOne(heap, suspects) : notesOnTwo(heap, before, suspects, matched !== null),
    snapshot: { bytes: graph.snapshotBytes, nodes: graph.nodeCount, edges: graph.edgeCount },
    timingsMs: { read: Math.round(readMs - startMs), analyse: Math.round(performance.now() - readMs) },
  };
}

async function heapOf(file: string): Promise<Heap> {
  try {
    return await readHeap(file);
  } catch (cause) {
    if (!(cause instanceof HeapSnapshotError)) throw cause;
    const { what, byteOffset, advice } = cause;
    const where = byteOffset === null ? '' : ` (byte ${byteOffset})`;
    const message = `${file} cannot be read as a heap snapshot: ${what}${where}. ${advice}`;
    throw new Problem('LEAK_LAB_SNAPSHOT', message, { cause });
  }
}

/**
 * Null where V8's ids tell that the same process wrote both snapshots, the earlier one first. Otherwise suspects that are
 * matched by their owners: V8 forgets its ids when the last inspector session ends, and gives others afterwards.
 *
 * @throws Problem LEAK_LAB_SNAPSHOT if the snapshots are in the wrong order, or of different programs
 */
async function matchedIfIdsDiffer(
  before: Baseline,
  heap: Heap,
  first: string,
  last: string,
  onProgress?: (doing: string) => void,
): Promise<Suspect[] | null> {
  const order = snapshotOrderOf(before, heap);
  if (order === 'later') return null;
  if (order === 'earlier')
    throw new Problem(
      'LEAK_LAB_SNAPSHOT',
      `${last} was taken before ${first}: give the earlier snapshot first`,
    );
  onProgress?.(`reading ${first} again, to match owners instead of ids`);
  const suspects = suspectsByOwner(await heapOf(first), heap);
  if (suspects) return suspects;
  throw new Problem(
    'LEAK_LAB_SNAPSHOT',
    `${first} and ${last} are not of one process: two snapshots can be compared if the same process wrote both, without a restart in between. Their ids differ, and so do the files of their programs`,
  );
}

function notesOnOne(heap: Heap, suspects: readonly Suspect[]): Note[] {
  const notes: Note[] = [{ code: 'one-snapshot', heapBytes: heap.totalBytes }];
  if (suspects.length > 0) return notes;
  return [...notes, largestUnnamed(heap, FEWEST_SHARE) ?? { code: 'no-large-retainer', share: FEWEST_SHARE }];
}

function notesOnTwo(heap: Heap, before: Baseline, suspects: readonly Suspect[], isMatched: boolean): Note[] {
  const bytes = { beforeBytes: before.totalBytes, afterBytes: heap.totalBytes };
  if (bytes.afterBytes - bytes.beforeBytes < IDLE_DRIFT_BYTES) return [{ code: 'nothing-grew', ...bytes }];
  const matched: Note[] = isMatched ? [{ code: 'matched-by-owner' }] : [];
  const notes: Note[] = [{ code: 'two-snapshots', ...bytes }, ...matched];
  // Without ids, what no owner gained cannot be told from what was there before.
  if (suspects.length > 0 || isMatched) return notes;
  return [...notes, largestUnnamedGain(heap, before, FEWEST_SHARE) ?? { code: 'growth-spread-out' }];
}
