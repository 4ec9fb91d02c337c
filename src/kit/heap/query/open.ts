import { baselineOf } from '../answers/baseline.js';
import { Heap } from '../heap.js';
import { readHeapGraph } from '../read/read-heap-snapshot.js';
import { hideData } from '../redact/hide-data.js';
import type { SnapshotSource } from '../read/source.js';
import { entriesByOwner } from './entries-by-owner.js';
import { QueryError } from './question.js';
import { type Earlier, QuerySession } from './session.js';

interface OpenOptions {
  signal?: AbortSignal;
  /** False hides the contents of strings in every answer. */
  showData?: boolean;
  onProgress?: (reading: number, of: number) => void;
}

/**
 * Reads snapshots of one process, the earliest first. Only the last is held; of the others, what a comparison needs.
 *
 * @throws HeapSnapshotError, or QueryError without a source
 */
export async function openSession(
  sources: readonly SnapshotSource[],
  { signal, showData = true, onProgress }: OpenOptions = {},
): Promise<QuerySession> {
  const earlier: Earlier[] = [];
  for (const [at, source] of sources.entries()) {
    onProgress?.(at + 1, sources.length);
    const graph = await readHeapGraph(source, signal);
    if (!showData) hideData(graph);
    const heap = new Heap(graph);
    if (at === sources.length - 1) return new QuerySession(heap, earlier);
    earlier.push({ ...baselineOf(heap), owners: entriesByOwner(heap) });
  }
  throw new QueryError('no snapshot was given');
}
