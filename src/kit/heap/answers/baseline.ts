import { Heap } from '../heap.js';
import { containers } from './containers.js';
import { IdSet, idSet } from './id-set.js';

/** What of an earlier snapshot is needed to compare a later one with it: far less than the snapshot. */
export interface Baseline {
  readonly ids: IdSet;
  readonly lastId: number;
  readonly totalBytes: number;
  readonly classes: ReadonlyMap<string, { count: number; bytes: number }>;
  /** Entries of the larger containers, by id. */
  readonly entries: ReadonlyMap<number, number>;
  /** Retained sizes of the objects that retain more than a little, by id. */
  readonly retained: ReadonlyMap<number, number>;
  /** Own sizes of those that are large in themselves, such as Maps by their tables, by id. */
  readonly shallow: ReadonlyMap<number, number>;
  /** What some objects were, by id: in a later snapshot of the process they are still that. */
  readonly known: ReadonlyMap<number, string>;
}

/** How many containers of each kind are remembered for a comparison. */
export const REMEMBERED = 10_000;
/** What retains less is too small to matter, and there are millions of those. */
const FEWEST_BYTES = 1024;
/** How many objects to know again. */
const KNOWN = 2000;

export function baselineOf(heap: Heap): Baseline {
  const { graph, retainedSizes, shallowSizes } = heap;
  const classes = new Map<string, { count: number; bytes: number }>();
  for (const { className, count, bytes } of countByClass(heap, () => true))
    classes.set(className, { count, bytes });
  const entries = new Map<number, number>();
  for (const { largest } of containers(heap, { limit: REMEMBERED })) {
    for (const container of largest) entries.set(container.id, container.entries);
  }
  const retained = new Map<number, number>();
  const shallow = new Map<number, number>();
  const known = new Map<number, string>();
  const stride = Math.max(1, Math.floor(graph.nodeCount / KNOWN));
  const object = graph.nodeType('object');
  for (let node = 0; node < graph.nodeCount; node++) {
    const id = graph.ids[node]!;
    if (retainedSizes[node]! >= FEWEST_BYTES) retained.set(id, retainedSizes[node]!);
    if (shallowSizes[node]! >= FEWEST_BYTES) shallow.set(id, shallowSizes[node]!);
    if (known.size * stride <= node && graph.types[node] === object)
      known.set(id, heap.classes.name(heap.classes.of(node)));
  }
  return {
    ids: idSet(graph.ids),
    lastId: lastIdOf(heap),
    totalBytes: heap.totalBytes,
    classes,
    entries,
    retained,
    shallow,
    known,
  };
}

/** Whether a snapshot is a later one of the process of the baseline. */
export type Kinship = 'later' | 'earlier' | 'another process';

/** Objects never change what they are: in one process all are alike. Two runs of one program begin alike. */
const FEWEST_ALIKE = 0.99;

/**
 * Tells by V8's ids, which only ever grow in one process, and by what the objects are that both snapshots know.
 */
export function kinshipOf(before: Baseline, after: Heap): Kinship {
  let met = 0;
  let alike = 0;
  for (let node = 0; node < after.graph.nodeCount; node++) {
    const was = before.known.get(after.graph.ids[node]!);
    if (was === undefined) continue;
    met++;
    if (was === after.classes.name(after.classes.of(node))) alike++;
  }
  if (met === 0 || alike < FEWEST_ALIKE * met) return 'another process';
  return lastIdOf(after) < before.lastId ? 'earlier' : 'later';
}

/** Of objects: what is native gets numbers of another kind, which may be as large as they like. */
function lastIdOf({ graph }: Heap): number {
  const object = graph.nodeType('object');
  let last = 0;
  for (const [node, id] of graph.ids.entries()) if (id > last && graph.types[node] === object) last = id;
  return last;
}

/** Objects and their bytes, class by class, of the nodes that count. */
export function countByClass(heap: Heap, counts: (node: number) => boolean) {
  const { classes, graph, shallowSizes } = heap;
  const rows: { className: string; count: number; bytes: number }[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const size = shallowSizes[node]!;
    if (size === 0 || !counts(node)) continue;
    const index = classes.of(node);
    const row = (rows[index] ??= { className: classes.name(index), count: 0, bytes: 0 });
    row.count++;
    row.bytes += size;
  }
  // The list has holes for classes of which nothing counts.
  return rows.filter(() => true);
}
