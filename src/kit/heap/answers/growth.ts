import { Heap } from '../heap.js';
import { Baseline, REMEMBERED, countByClass } from './baseline.js';
import { Container, containers } from './containers.js';

export interface GrowthRow {
  className: string;
  /** Objects that are there now and were not before. */
  added: number;
  /** Objects that were there before and are gone. */
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
 * What changed between two snapshots of one process, class by class, the largest gain in bytes first.
 * Objects are told apart by V8's ids, so a class whose objects were all replaced shows as such.
 * Of different processes the ids mean nothing, and so does the answer.
 */
export function growth(before: Baseline, after: Heap, options: { limit?: number } = {}): GrowthRow[] {
  const { graph } = after;
  const all = new Map(countByClass(after, () => true).map((row) => [row.className, row]));
  const fresh = new Map(
    countByClass(after, (node) => !before.ids.has(graph.ids[node]!)).map((row) => [row.className, row]),
  );
  const nothing = { count: 0, bytes: 0 };
  const rows: GrowthRow[] = [];
  for (const className of new Set([...all.keys(), ...before.classes.keys()])) {
    const now = all.get(className) ?? nothing;
    const then = before.classes.get(className) ?? nothing;
    const added = fresh.get(className) ?? nothing;
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

/** The containers that gained entries, most first. */
export function containerGrowth(
  before: Baseline,
  after: Heap,
  options: { limit?: number } = {},
): ContainerGrowth[] {
  const gains: ContainerGrowth[] = [];
  for (const { kind, largest } of containers(after, { limit: REMEMBERED })) {
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
