import { Heap, HeapSnapshotError, accumulationPoints, ownerPath, readHeap } from '../heap/index.js';
import { Problem } from '../problem.js';
import type { Diagnosis, Suspect } from './diagnosis.js';
import { lessonFor } from './lessons.js';

/** From one heap snapshot, or two of one process: the suspects. */
export async function diagnoseFiles(files: readonly string[]): Promise<Diagnosis> {
  const file = files.at(-1)!;
  const start = performance.now();
  const heap = await readSnapshot(file);
  const read = performance.now();
  const suspects = accumulationPoints(heap).map((point, at): Suspect => {
    const path = ownerPath(heap, point.node);
    return {
      rank: at + 1,
      kind: 'container',
      owner: path?.owner ?? '(nobody)',
      name: path?.name ?? point.className,
      path: path === null ? [] : [path.text],
      type: point.className,
      entries: null,
      entriesPerRequest: null,
      retainedBytes: point.gatheredBytes,
      bytesPerRequest: null,
      share: point.share,
      allocatedAt: [],
      bound: null,
      lesson: lessonFor({ kind: 'container' }),
    };
  });
  const { graph } = heap;
  return {
    target: { pid: null, urls: [], files: [...files], nodeVersion: null },
    verdict: null,
    triage: null,
    suspects,
    filling: [],
    notes: [],
    snapshot: { bytes: graph.snapshotBytes, nodes: graph.nodeCount, edges: graph.edgeCount },
    timingsMs: { read: Math.round(read - start), analyse: Math.round(performance.now() - read) },
  };
}

async function readSnapshot(file: string): Promise<Heap> {
  try {
    return await readHeap(file);
  } catch (cause) {
    if (!(cause instanceof HeapSnapshotError)) throw cause;
    throw new Problem('LEAK_LAB_SNAPSHOT', `${file}: ${cause.message}`, { cause });
  }
}
