import {
  Heap,
  HeapSnapshotError,
  accumulationPoints,
  baselineOf,
  containerGrowth,
  containers,
  dominatorTree,
  drawNeighbourhood,
  growth,
  histogram,
  ownerPath,
  readHeap,
  references,
  retainers,
  shortestPath,
  stringPins,
  toDot,
} from '../../src/kit/heap/index.js';
import { mutated } from './heap-mutations.js';

export interface FuzzFigures {
  refused: number;
  read: number;
  byCode: Record<string, number>;
  slowestMs: number;
  /** The most bytes of typed arrays that one snapshot allocated. */
  largestBytes: number;
}

/** A snapshot of two kilobytes that takes longer is as bad as one that never ends. */
const MAX_MS = 10_000;

/** Reads mutated snapshots and calls every function on those that could be read. Only HeapSnapshotErrors are accepted. */
export async function fuzz(firstSeed: number, count: number): Promise<FuzzFigures> {
  const figures: FuzzFigures = { refused: 0, read: 0, byCode: {}, slowestMs: 0, largestBytes: 0 };
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const bytes = mutated(seed);
    const start = performance.now();
    const allocated = process.memoryUsage().arrayBuffers;
    try {
      askEverything(await readHeap(chunked(bytes, seed)));
      figures.read++;
    } catch (error) {
      if (!(error instanceof HeapSnapshotError))
        throw new Error(`seed ${seed} fails with another error`, { cause: error });
      if (error.byteOffset !== null && error.byteOffset > bytes.length) {
        throw new Error(`seed ${seed} gives byte ${error.byteOffset} of ${bytes.length}`, { cause: error });
      }
      figures.refused++;
      figures.byCode[error.code] = (figures.byCode[error.code] ?? 0) + 1;
    }
    figures.largestBytes = Math.max(figures.largestBytes, process.memoryUsage().arrayBuffers - allocated);
    const ms = performance.now() - start;
    if (ms > MAX_MS) throw new Error(`seed ${seed} took ${Math.round(ms)} ms`);
    figures.slowestMs = Math.max(figures.slowestMs, ms);
  }
  return figures;
}

function chunked(bytes: Buffer, seed: number): Buffer[] {
  const size = [bytes.length, 1000, 64, 7][seed % 4]! || 1;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

function askEverything(heap: Heap): void {
  histogram(heap);
  containers(heap);
  dominatorTree(heap, { minShare: 0 });
  accumulationPoints(heap, { minShare: 0 });
  stringPins(heap);
  const baseline = baselineOf(heap);
  growth(baseline, heap);
  containerGrowth(baseline, heap);
  for (let node = 0; node < heap.graph.nodeCount; node++) {
    ownerPath(heap, node);
    shortestPath(heap, node);
    references(heap, node);
    retainers(heap, node);
  }
  toDot(drawNeighbourhood(heap, heap.graph.root, 'references'));
}
