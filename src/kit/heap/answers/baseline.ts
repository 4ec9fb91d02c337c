import { Heap } from '../heap.js';
import { containers } from './containers.js';
import { IdSet, idSet } from './id-set.js';

/** The facts of an earlier snapshot that a comparison needs. It takes far less memory than the snapshot. */
export interface Baseline {
  readonly ids: IdSet;
  /** The largest id of an object. */
  readonly lastId: number;
  readonly totalBytes: number;
  readonly classes: ReadonlyMap<string, { count: number; bytes: number }>;
  /** Entries of the larger containers, by V8's id. */
  readonly entries: ReadonlyMap<number, number>;
  /** Retained sizes of the nodes that retain at least `FEWEST_BYTES`, by id. */
  readonly retained: ReadonlyMap<number, number>;
  /** Shallow sizes of the nodes with at least `FEWEST_BYTES`, such as Maps with large tables, by id. */
  readonly shallow: ReadonlyMap<number, number>;
  /** The classes of a sample of the objects, by id. An object never changes its class. */
  readonly sampledClasses: ReadonlyMap<number, string>;
}

/** How many containers of each kind are compared. */
export const MAX_CONTAINERS = 10_000;
/** Nodes that retain less do not matter to a comparison, and there are millions of them. */
const FEWEST_BYTES = 1024;
/** How many objects the sample of classes has. */
const SAMPLED = 2000;

export function baselineOf(heap: Heap): Baseline {
  const { graph, retainedSizes, shallowSizes } = heap;
  const classes = new Map<string, { count: number; bytes: number }>();
  for (const { className, count, bytes } of countByClass(heap, () => true))
    classes.set(className, { count, bytes });
  const entries = new Map<number, number>();
  for (const { largest } of containers(heap, { limit: MAX_CONTAINERS })) {
    for (const container of largest) entries.set(container.id, container.entries);
  }
  const retained = new Map<number, number>();
  const shallow = new Map<number, number>();
  const sampledClasses = new Map<number, string>();
  const stride = Math.max(1, Math.floor(graph.nodeCount / SAMPLED));
  const object = graph.nodeType('object');
  for (let node = 0; node < graph.nodeCount; node++) {
    const id = graph.ids[node]!;
    if (retainedSizes[node]! >= FEWEST_BYTES) retained.set(id, retainedSizes[node]!);
    if (shallowSizes[node]! >= FEWEST_BYTES) shallow.set(id, shallowSizes[node]!);
    if (sampledClasses.size * stride <= node && graph.types[node] === object)
      sampledClasses.set(id, heap.classes.name(heap.classes.of(node)));
  }
  return {
    ids: idSet(graph.ids),
    lastId: lastIdOf(heap),
    totalBytes: heap.totalBytes,
    classes,
    entries,
    retained,
    shallow,
    sampledClasses,
  };
}

/** When a snapshot was taken, compared with the baseline. */
export type SnapshotOrder = 'later' | 'earlier' | 'another process';

/**
 * Of the sampled objects that a snapshot still has, the share with the same class. In one process that is 1; two runs of
 * one program agree on the objects of their start only.
 */
const FEWEST_ALIKE = 0.99;

/**
 * Decides by V8's ids, which only increase within a process, and by the classes of the objects that have the same id in
 * both snapshots.
 */
export function snapshotOrderOf(before: Baseline, after: Heap): SnapshotOrder {
  let common = 0;
  let alike = 0;
  for (let node = 0; node < after.graph.nodeCount; node++) {
    const was = before.sampledClasses.get(after.graph.idOf(node));
    if (was === undefined) continue;
    common++;
    if (was === after.classes.name(after.classes.of(node))) alike++;
  }
  if (common === 0 || alike < FEWEST_ALIKE * common) return 'another process';
  return lastIdOf(after) < before.lastId ? 'earlier' : 'later';
}

/** Only of objects: the ids of native nodes come from another range, and may be of any size. */
function lastIdOf({ graph }: Heap): number {
  const object = graph.nodeType('object');
  let last = 0;
  for (const [node, id] of graph.ids.entries()) if (id > last && graph.types[node] === object) last = id;
  return last;
}

/** Count and shallow size in bytes by class, of the nodes for which `includes` is true. */
export function countByClass(heap: Heap, includes: (node: number) => boolean) {
  const { classes, graph, shallowSizes } = heap;
  const rows: { className: string; count: number; bytes: number }[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const size = shallowSizes[node]!;
    if (size === 0 || !includes(node)) continue;
    const index = classes.of(node);
    const row = (rows[index] ??= { className: classes.name(index), count: 0, bytes: 0 });
    row.count++;
    row.bytes += size;
  }
  // The list has holes for the classes of which no node is included; filter() drops them.
  return rows.filter(() => true);
}
