import { HeapGraph } from '../graph/heap-graph.js';
import { SnapshotDocument } from './document.js';
import { SnapshotSource, openSource } from './source.js';

/**
 * Reads a heap snapshot into columns of numbers. The only asynchronous step of the engine: everything
 * after it is passes over the columns.
 *
 * Throws {@link HeapSnapshotError}, with the offset of the byte that is to blame, for anything that
 * is not a whole and consistent snapshot.
 */
export async function readHeapGraph(source: SnapshotSource): Promise<HeapGraph> {
  const { chunks, size, file } = await openSource(source);
  const document = new SnapshotDocument(size, file);
  for await (const chunk of chunks) document.write(chunk);
  return new HeapGraph(document.end());
}
