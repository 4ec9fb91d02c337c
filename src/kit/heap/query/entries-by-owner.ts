import { containers } from '../answers/containers.js';
import type { Heap } from '../heap.js';
import { ownerPath } from '../path/owner-path.js';

/** Of each kind, those with the most entries are named. */
const MOST = 1000;
const FEWEST_ENTRIES = 16;

/** All containers with one path, such as one in each of several objects of a list. */
export interface OwnedEntries {
  owner: string;
  entries: number;
  retainedBytes: number;
  /** The one with the most entries, to ask about. */
  id: number;
}

/**
 * The entries of containers by their paths. V8 gives all objects new ids when an inspector was closed between two
 * snapshots, which happens after each that another process takes: then a container has nothing else in common with what
 * it was.
 */
export function entriesByOwner(heap: Heap): Map<string, OwnedEntries> {
  const owners = new Map<string, OwnedEntries>();
  for (const { kind, largest } of containers(heap, { limit: MOST })) {
    if (kind === 'ArrayBuffer') continue;
    for (const { node, id, entries, retainedBytes } of largest) {
      const owner = entries < FEWEST_ENTRIES ? undefined : ownerPath(heap, node)?.text;
      if (owner === undefined) continue;
      const known = owners.get(owner);
      if (known === undefined) {
        owners.set(owner, { owner, entries, retainedBytes, id });
        continue;
      }
      known.entries += entries;
      known.retainedBytes += retainedBytes;
    }
  }
  return owners;
}
