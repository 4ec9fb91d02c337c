import { AccumulationPoint, accumulationPoints } from '../answers/accumulation.js';
import { Container, ContainerGroup, containers, largestContainers } from '../answers/containers.js';
import { baselineOf } from '../answers/baseline.js';
import { ContainerGrowth, GrowthRow, containerGrowth, growth } from '../answers/growth.js';
import { HistogramRow, histogram } from '../answers/histogram.js';
import { StringPins, stringPins } from '../answers/string-pins.js';
import { Heap } from '../heap.js';
import { OwnerPath, ownerPath } from '../path/owner-path.js';
import { readHeapGraph } from '../read/read-heap-snapshot.js';

/** The results for one snapshot or two, as plain data that can be posted and stored. */
export interface HeapReport {
  snapshot: { bytes: number; nodes: number; edges: number };
  heapBytes: number;
  histogram: HistogramRow[];
  containers: ContainerGroup[];
  /** The largest containers of all kinds, each with its owner path. */
  largest: { container: Container; path: OwnerPath | null }[];
  accumulation: { point: AccumulationPoint; path: OwnerPath | null }[];
  stringPins: StringPins;
  /** Null without an earlier snapshot. */
  growth: null | {
    classes: GrowthRow[];
    containers: { container: ContainerGrowth; path: OwnerPath | null }[];
  };
  timingsMs: { read: number; analyse: number };
}

export interface HeapReportOptions {
  /** The file of an earlier snapshot of the same process, to report the growth since. */
  before?: string;
  /** Rows of each list; 10 by default. */
  limit?: number;
}

/** Reads a snapshot file and computes all results. It blocks its thread: see `analyzeInWorker`. */
export async function heapReport(file: string, options: HeapReportOptions = {}): Promise<HeapReport> {
  const limit = options.limit ?? 10;
  // The earlier one is read first and released, so that two large ones are never in memory together.
  const before =
    options.before === undefined ? null : baselineOf(new Heap(await readHeapGraph(options.before)));
  const start = performance.now();
  const graph = await readHeapGraph(file);
  const heap = new Heap(graph);
  const read = performance.now();
  const withPath = <T extends { node: number }, K extends string>(name: K, items: T[]) =>
    items.map(
      (item) =>
        ({ [name]: item, path: ownerPath(heap, item.node) }) as Record<K, T> & { path: OwnerPath | null },
    );
  return {
    snapshot: { bytes: graph.snapshotBytes, nodes: graph.nodeCount, edges: graph.edgeCount },
    heapBytes: heap.totalBytes,
    histogram: histogram(heap, { limit }),
    containers: containers(heap, { limit }),
    largest: withPath('container', largestContainers(heap, { limit })),
    accumulation: withPath('point', accumulationPoints(heap, { limit })),
    stringPins: stringPins(heap, { limit }),
    growth:
      before === null
        ? null
        : {
            classes: growth(before, heap, { limit }),
            containers: withPath('container', containerGrowth(before, heap, { limit })),
          },
    timingsMs: { read: read - start, analyse: performance.now() - read },
  };
}
