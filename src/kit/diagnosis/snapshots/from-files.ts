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
  if (before) mustBeLater(before, heap, first, last);
  const readMs = performance.now();
  onProgress?.('searching for owners');
  const suspects = suspectsIn(heap, before);
  const { graph } = heap;
  return {
    target: { pid: null, urls: [], files: [...files], nodeVersion: null },
    verdict: null,
    triage: null,
    suspects,
    ruledOut: [],
    notes: before === null ? notesOnOne(heap, suspects) : notesOnTwo(heap, before, suspects),
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

function mustBeLater(before: Baseline, heap: Heap, first: string, last: string): void {
  const order = snapshotOrderOf(before, heap);
  if (order === 'later') return;
  throw new Problem(
    'LEAK_LAB_SNAPSHOT',
    order === 'earlier'
      ? `${last} was taken before ${first}: give the earlier snapshot first`
      : `${first} and ${last} are not of one process: two snapshots can be compared if the same process wrote both, without a restart in between`,
  );
}

function notesOnOne(heap: Heap, suspects: readonly Suspect[]): Note[] {
  const notes: Note[] = [{ code: 'one-snapshot', heapBytes: heap.totalBytes }];
  if (suspects.length > 0) return notes;
  return [...notes, largestUnnamed(heap, FEWEST_SHARE) ?? { code: 'no-large-retainer', share: FEWEST_SHARE }];
}

function notesOnTwo(heap: Heap, before: Baseline, suspects: readonly Suspect[]): Note[] {
  const bytes = { beforeBytes: before.totalBytes, afterBytes: heap.totalBytes };
  if (bytes.afterBytes - bytes.beforeBytes < IDLE_DRIFT_BYTES) return [{ code: 'nothing-grew', ...bytes }];
  const notes: Note[] = [{ code: 'two-snapshots', ...bytes }];
  if (suspects.length > 0) return notes;
  return [...notes, largestUnnamedGain(heap, before, FEWEST_SHARE) ?? { code: 'growth-spread-out' }];
}
