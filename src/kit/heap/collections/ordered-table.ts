import { HeapGraph } from '../graph/heap-graph.js';
import { eachSlot, isPowerOfTwo, slotCounts } from './slots.js';

/** `at most`: only the room is known. `at least`: there may be more that leave no trace. */
export type Precision = 'exact' | 'at least' | 'at most';

export interface Count {
  entries: number;
  precision: Precision;
  /** As many as fit before the next growth. */
  capacity: number;
}

/**
 * The table behind a Map or Set (V8, src/objects/ordered-hash-table.h): a FixedArray of
 *
 *     [0] entries  [1] deleted  [2] buckets  [3 …] one slot a bucket
 *     then for each entry: key, value (Maps only), next entry in the bucket
 *
 * with two entries for each bucket. Snapshots show a slot as an edge named by its number, but only
 * when it holds an object on the heap: small integers (so the counts themselves), true, undefined and
 * the mark of a deleted entry are not seen.
 */
export interface OrderedTable {
  kind: 'Map' | 'Set';
  firstEntry: number;
  entryWidth: number;
  capacity: number;
}

const PREFIX = 3;
const LOAD_FACTOR = 2;

/** The layout follows from the size alone: no size fits both a Map's table and a Set's. */
export function orderedTable(selfSize: number): OrderedTable | null {
  for (const slots of slotCounts(selfSize)) {
    for (const [kind, entryWidth] of [['Map', 3] as const, ['Set', 2] as const]) {
      const buckets = (slots - PREFIX) / (1 + LOAD_FACTOR * entryWidth);
      if (!isPowerOfTwo(buckets)) continue;
      return { kind, entryWidth, firstEntry: PREFIX + buckets, capacity: buckets * LOAD_FACTOR };
    }
  }
  return null;
}

/** A table that never grew has room for four, and an empty one shows nothing. */
const INITIAL_CAPACITY = 4;

/**
 * Counts entries by their keys, and by their values where keys are small integers. Exact when all keys
 * (or, lacking those, all values) are objects on the heap, strings included; the gaps are then deletions.
 */
export function countOrdered(graph: HeapGraph, tableNode: number, table: OrderedTable): Count {
  let keys = 0;
  let lonelyValues = 0;
  let lastKey = -1;
  eachSlot(graph, tableNode, 'internal', (slot) => {
    const at = slot - table.firstEntry;
    if (at < 0) return;
    const part = at % table.entryWidth;
    if (part === 0) {
      keys++;
      lastKey = at;
    } else if (part === 1 && table.kind === 'Map' && at !== lastKey + 1) {
      lonelyValues++;
    }
  });
  const { capacity } = table;
  const seen = keys + lonelyValues;
  if (seen === 0) {
    if (capacity <= INITIAL_CAPACITY) return { entries: 0, precision: 'at least', capacity };
    return { entries: capacity, precision: 'at most', capacity };
  }
  const mixed = keys > 0 && lonelyValues > 0;
  return { entries: seen, precision: mixed && seen < capacity ? 'at least' : 'exact', capacity };
}

export interface Entry {
  /** -1 where the key or value is not an object on the heap. */
  key: number;
  value: number;
}

/** The entries of a Map or Set that can be seen, in order of insertion. */
export function orderedEntries(graph: HeapGraph, collection: number, limit = Infinity): Entry[] {
  const tableNode = graph.follow(collection, 'internal', 'table');
  const table = tableNode < 0 ? null : orderedTable(graph.selfSizes[tableNode]!);
  if (table === null) return [];
  const entries = new Map<number, Entry>();
  eachSlot(graph, tableNode, 'internal', (slot, target) => {
    const at = slot - table.firstEntry;
    if (at < 0) return;
    const index = Math.floor(at / table.entryWidth);
    const part = at % table.entryWidth;
    let entry = entries.get(index);
    if (entry === undefined) {
      if (entries.size >= limit) return;
      entries.set(index, (entry = { key: -1, value: -1 }));
    }
    if (part === 0) entry.key = target;
    else if (part === 1 && table.kind === 'Map') entry.value = target;
  });
  return [...entries.values()];
}

/** Whether an edge of a Map's table leads to a key. */
export function isKeyOfMap(graph: HeapGraph, tableNode: number, edge: number): boolean {
  if (graph.typeOf(tableNode) !== 'array' || graph.edgeTypeOf(edge) !== 'internal') return false;
  const slot = graph.strings.numberAt(graph.edgeNames[edge]!);
  const table = slot < 0 ? null : orderedTable(graph.selfSizes[tableNode]!);
  if (table?.kind !== 'Map' || slot < table.firstEntry) return false;
  return (slot - table.firstEntry) % table.entryWidth === 0;
}
