import {
  Baseline,
  Heap,
  HeapSnapshotError,
  baselineOf,
  formatBytes,
  kinshipOf,
  readHeap,
} from '../../heap/index.js';
import { Problem } from '../../problem.js';
import type { Diagnosis } from '../result.js';
import { FEWEST_GROWN_BYTES, suspectsIn } from './suspects.js';

/**
 * From one heap snapshot, or two of one process (the earlier one first): who holds the memory, or who gained it.
 * Blocks its thread.
 *
 * @throws Problem LEAK_LAB_SNAPSHOT.
 */
export async function diagnoseFiles(
  files: readonly string[],
  onProgress?: (doing: string) => void,
): Promise<Diagnosis> {
  const [first, last] = [files[0]!, files.at(-1)!];
  const start = performance.now();
  onProgress?.(`reading ${first}`);
  // The earlier one goes first and is let go, so that two large ones never stand in memory together.
  const before = first === last ? null : baselineOf(await heapOf(first));
  if (before) onProgress?.(`reading ${last}`);
  const heap = await heapOf(last);
  if (before) mustBeLater(before, heap, first, last);
  const read = performance.now();
  onProgress?.('asking who holds what');
  const suspects = suspectsIn(heap, before);
  const { graph } = heap;
  return {
    target: { pid: null, urls: [], files: [...files], nodeVersion: null },
    verdict: null,
    triage: null,
    suspects,
    filling: [],
    notes: notesOn(heap, before, suspects.length),
    snapshot: { bytes: graph.snapshotBytes, nodes: graph.nodeCount, edges: graph.edgeCount },
    timingsMs: { read: Math.round(read - start), analyse: Math.round(performance.now() - read) },
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
  const kinship = kinshipOf(before, heap);
  if (kinship === 'later') return;
  throw new Problem(
    'LEAK_LAB_SNAPSHOT',
    kinship === 'earlier'
      ? `${last} was taken before ${first}: give the earlier snapshot first`
      : `${first} and ${last} are not of one process: what grew can be told of two snapshots that the same process wrote, without a restart between them`,
  );
}

function notesOn(heap: Heap, before: Baseline | null, suspects: number): string[] {
  const total = heap.totalBytes;
  if (before === null) {
    return [
      `The heap holds ${formatBytes(total)}. One snapshot tells who holds much, not who grows: it cannot tell a leak from a cache of the size that was meant. Take a second one after more work, and give both.`,
      ...(suspects === 0
        ? ['Memory has gathered nowhere in particular: nothing of the program holds a twentieth of it.']
        : []),
    ];
  }
  const gain = total - before.totalBytes;
  if (gain < FEWEST_GROWN_BYTES)
    return [
      `Nothing grew: the heap held ${formatBytes(before.totalBytes)}, and then ${formatBytes(total)}, which differs by no more than any two looks do.`,
    ];
  return [
    `The heap grew from ${formatBytes(before.totalBytes)} to ${formatBytes(total)}. Two snapshots tell who grew between them, not whether it goes on: a cache on its way to its bound looks the same.`,
    ...(suspects === 0
      ? ['Nobody gained a twentieth of the growth: it is spread over much that is small.']
      : []),
  ];
}
