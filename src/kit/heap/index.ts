/**
 * Analyses V8 heap snapshots. One asynchronous step reads a snapshot into columns of numbers. Every other function
 * takes the {@link Heap} and returns data. A `print…` function turns that data into text, and a `draw…` function
 * turns it into a drawing for Graphviz.
 *
 *     const heap = await readHeap('leak.heapsnapshot');
 *     const [largest] = largestContainers(heap);
 *     console.log(printPath(ownerPath(heap, largest.node)));
 *
 * Sizes are in bytes. A node is an ordinal within one snapshot. An id (`@123`) is V8's own, and stays the same between
 * the snapshots of one process. Every failure is a {@link HeapSnapshotError} with a stable code.
 *
 * On the `!` in this folder: a snapshot has up to some 60 million nodes, so that the columns are typed arrays, and
 * TypeScript adds `undefined` to the type of every element. Every index that is read from a snapshot is checked against
 * its column once, while the snapshot is read, so that an element is always there. Code that asks about single nodes
 * goes through accessors (`graph.edgeStart`, `heap.retainedBytesOf`, …); passes over all nodes or edges index the
 * columns directly, because a check or a generator for each element would slow them down.
 */
import { Heap } from './heap.js';
import { readHeapGraph } from './read/read-heap-snapshot.js';
import { SnapshotSource } from './read/source.js';

/**
 * Reads a snapshot from the path of a file, or from anything that yields its chunks, such as stdin,
 * `v8.getHeapSnapshot()` or the text chunks of the inspector. Reading a file is faster and takes less memory: the
 * values of strings are read from the file when they are needed.
 *
 * @throws HeapSnapshotError
 */
export async function readHeap(source: SnapshotSource): Promise<Heap> {
  return new Heap(await readHeapGraph(source));
}

export { HEAP_ERROR_CODES, type HeapErrorCode, HeapSnapshotError } from './errors.js';
export { Heap } from './heap.js';
export type { HeapGraph } from './graph/heap-graph.js';
export type { SnapshotSource } from './read/source.js';
export type { SourceLocation } from './read/location-rows.js';

export { type AccumulationPoint, accumulationPoints } from './answers/accumulation.js';
export type { Siblings } from './answers/siblings.js';
export {
  CONTAINER_KINDS,
  containerAt,
  type Container,
  type ContainerGroup,
  type ContainerKind,
  containers,
  largestContainers,
} from './answers/containers.js';
export { type FunctionPlace, functionsRetainedBy } from './answers/code-places.js';
export { keysOf } from './answers/keys.js';
export { type ContentStep, contentsOf } from './answers/contents.js';
export { fieldNames } from './answers/field-names.js';
export { packageInstanceAbove } from './answers/package-instance.js';
export { commonRetainer } from './answers/common-retainer.js';
export {
  type DominatorTreeNode,
  type DominatorTreeOptions,
  dominatorTree,
} from './answers/dominator-tree.js';
export { type Baseline, type SnapshotOrder, baselineOf, snapshotOrderOf } from './answers/baseline.js';
export { nativeRetainedSizes, newRetainedSizes, gainOf, turnoverOf, type Turnover } from './answers/gains.js';
export { type ContainerGrowth, type GrowthRow, containerGrowth, growth } from './answers/growth.js';
export { type HistogramOrder, type HistogramRow, histogram } from './answers/histogram.js';
export { type Neighbour, type Neighbours, references, retainers } from './answers/neighbours.js';
export { type NodeFacts, classOf, factsOf } from './answers/node-facts.js';
export { type StringPin, type StringPins, stringPins } from './answers/string-pins.js';
export { type Count, type Entry, type Precision, orderedEntries } from './collections/ordered-table.js';
export { hideData } from './redact/hide-data.js';
export { type Redaction, redactSnapshot } from './redact/redact-snapshot.js';
export { isRoot } from './path/roots.js';
export { type CodePlace, type OwnerPath, type PathStep, ownerPath } from './path/owner-path.js';
export { isScopeName } from './path/scopes.js';
export { programFiles } from './answers/program-files.js';
export { isNodeFile, isPackageFile, shortFile } from './path/script-name.js';
export { type RawStep, shortestPath } from './path/shortest-path.js';

export {
  formatEntries,
  printAccumulation,
  printContainerGrowth,
  printContainers,
  printDominatorTree,
  printGrowth,
  printHistogram,
  printNeighbours,
  printPath,
  printShortestPath,
  printStringPins,
} from './print/answers.js';
export { formatBytes, formatCount, formatShare } from './print/format.js';
export {
  type Drawing,
  type NeighbourhoodOptions,
  drawDominatorTree,
  drawNeighbourhood,
  drawPath,
} from './print/drawing.js';
export { toDot } from './print/dot.js';
export { toPng, toSvg, writePicture } from './print/picture.js';
export { type HeapReport, type HeapReportOptions, heapReport } from './worker/heap-report.js';
export { analyzeInWorker, examineInWorker } from './worker/analyze-in-worker.js';
export { type AskOptions, type Post, askWorker } from './worker/ask-worker.js';
export { type ObjectReport, type ObjectReportOptions, objectReport } from './worker/object-report.js';
