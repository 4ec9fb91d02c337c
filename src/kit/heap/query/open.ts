import { type Baseline, baselineOf } from '../answers/baseline.js';
import { Heap } from '../heap.js';
import { readHeapGraph } from '../read/read-heap-snapshot.js';
import type { SnapshotSource } from '../read/source.js';
import { QueryError } from './question.js';
import { QuerySession } from './session.js';

/**
 * Reads snapshots of one process, the earliest first. Only the last is held; of the others, what a comparison needs.
 *
 * @throws HeapSnapshotError, or QueryError without a source
 */
export async function openSession(
  sources: readonly SnapshotSource[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (reading: number, of: number) => void } = {},
): Promise<QuerySession> {
  const earlier: Baseline[] = [];
  for (const [at, source] of sources.entries()) {
    onProgress?.(at + 1, sources.length);
    const heap = new Heap(await readHeapGraph(source, signal));
    if (at === sources.length - 1) return new QuerySession(heap, earlier);
    earlier.push(baselineOf(heap));
  }
  throw new QueryError('no snapshot was given');
}
