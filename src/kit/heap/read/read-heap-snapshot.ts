import { HeapGraph } from '../graph/heap-graph.js';
import { SnapshotDocument } from './document.js';
import { SnapshotSource, openSource } from './source.js';

/**
 * Reads a heap snapshot into columns of numbers. This is the only asynchronous step of the engine.
 *
 * @throws HeapSnapshotError with the byte offset, for anything that is not a complete and consistent snapshot
 */
export async function readHeapGraph(source: SnapshotSource, signal?: AbortSignal): Promise<HeapGraph> {
  const { chunks, size, file } = await openSource(source);
  const document = new SnapshotDocument(size, file);
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    document.write(chunk);
  }
  return new HeapGraph(document.end());
}
