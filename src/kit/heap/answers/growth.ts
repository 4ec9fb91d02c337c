import { Heap } from '../heap.js';
import { Baseline, MAX_CONTAINERS, countByClass } from './baseline.js';
import { Container, containers } from './containers.js';

export interface GrowthRow {
  className: string;
  /** Objects that exist now and did not before. */
  added: number;
  /** Objects that existed before and do not now. */
  removed: number;
  delta: number;
  addedBytes: number;
  removedBytes: number;
  deltaBytes: number;
}

export interface ContainerGrowth extends Container {
  entriesBefore: number;
  /** False when the container itself is new. */
  existedBefore: boolean;
  gained: number;
}

/**
 * The changes between two snapshots of one process by class, the largest increase in bytes first. Objects are compared by
 * V8's ids, so that a class whose objects were all replaced has as many added as removed. For two different processes
 * the result is meaningless: see `snapshotOrderOf`.
 */
export function growth(before: Baseline, after: Heap, options: { limit?: number } = {}): GrowthRow[] {
  const { graph } = after;
  const all = new Map(countByClass(after, () => true).map((row) => [row.className, row]));
  const addedRows = new Map(
    countByClass(after, (node) => !before.ids.has(graph.idOf(node))).map((row) => [row.className, row]),
  );
  const nothing = { count: 0, bytes: 0 };
  const rows: GrowthRow[] = [];
  for (const className of new Set([...all.keys(), ...before.classes.keys()])) {
    const now = all.get(className) ?? nothing;
    const then = before.classes.get(className) ?? nothing;
    const added = addedRows.get(className) ?? nothing;
    const row = {
      className,
      added: added.count,
      removed: then.count + added.count - now.count,
      delta: now.count - then.count,
      addedBytes: added.bytes,
      removedBytes: then.bytes + added.bytes - now.bytes,
      deltaBytes: now.bytes - then.bytes,
    };
    if (row.added !== 0 || row.removed !== 0 || row.deltaBytes !== 0) rows.push(row);
  }
  return rows
    .toSorted((a, b) => b.deltaBytes - a.deltaBytes || b.delta - a.delta)
    .slice(0, options.limit ?? Infinity);
}

/** The containers that gained entries, the most entries first. */
export function containerGrowth(
  before: Baseline,
  after: Heap,
  options: { limit?: number } = {},
): ContainerGrowth[] {
  const gains: ContainerGrowth[] = [];
  for (const { kind, largest } of containers(after, { limit: MAX_CONTAINERS })) {
    if (kind === 'ArrayBuffer') continue;
    for (const container of largest) {
      const entriesBefore = before.entries.get(container.id) ?? 0;
      const gained = container.entries - entriesBefore;
      if (gained <= 0) continue;
      gains.push(
        Object.assign(container, { entriesBefore, existedBefore: before.ids.has(container.id), gained }),
      );
    }
  }
  return gains.toSorted((a, b) => b.gained - a.gained).slice(0, options.limit ?? 10);
}
