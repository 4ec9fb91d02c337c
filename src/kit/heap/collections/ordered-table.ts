import { HeapGraph } from '../graph/heap-graph.js';
import { eachSlot, isPowerOfTwo, slotCounts } from './slots.js';

/** `at most`: only the capacity is known. `at least`: there may be entries that the snapshot does not show. */
export type Precision = 'exact' | 'at least' | 'at most';

export interface Count {
  entries: number;
  precision: Precision;
  /** Number of entries that fit without growing. */
  capacity: number;
}

/**
 * The table behind a Map or Set (V8, src/objects/ordered-hash-table.h): a FixedArray of
 *
 *     [0] entries  [1] deleted  [2] buckets  [3 …] one slot per bucket
 *     then for each entry: key, value (Maps only), next entry in the bucket
 *
 * with two entries for each bucket. A snapshot has an edge for a slot, named by its number, only if the slot refers to an
 * object on the heap. Small integers (and so the counts), true, undefined and the marker of a deleted entry have none.
 */
export interface OrderedTable {
  kind: 'Map' | 'Set';
  firstEntry: number;
  entryWidth: number;
  capacity: number;
}

const PREFIX = 3;
const LOAD_FACTOR = 2;

/** The layout of a table, from its size in bytes: no size fits both a Map and a Set. Null if none fits. */
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

/** A table that never grew has room for four entries, and is usually empty if none of them is visible. */
const INITIAL_CAPACITY = 4;

/**
 * Counts entries by their keys, and by their values where keys are small integers. The count is exact if all keys, or
 * all values, are objects on the heap, which includes strings; gaps between them are then deleted entries.
 */
export function countOrdered(graph: HeapGraph, tableNode: number, table: OrderedTable): Count {
  let keys = 0;
  let valuesWithoutKey = 0;
  let lastKey = -1;
  eachSlot(graph, tableNode, 'internal', (slot) => {
    const at = slot - table.firstEntry;
    if (at < 0) return;
    const part = at % table.entryWidth;
    if (part === 0) {
      keys++;
      lastKey = at;
    } else if (part === 1 && table.kind === 'Map' && at !== lastKey + 1) {
      valuesWithoutKey++;
    }
  });
  const { capacity } = table;
  const seen = keys + valuesWithoutKey;
  if (seen === 0) {
    if (capacity <= INITIAL_CAPACITY) return { entries: 0, precision: 'at least', capacity };
    return { entries: capacity, precision: 'at most', capacity };
  }
  const mixed = keys > 0 && valuesWithoutKey > 0;
  return { entries: seen, precision: mixed && seen < capacity ? 'at least' : 'exact', capacity };
}

export interface Entry {
  /** Node of the key, or -1 if it is not an object on the heap; so is `value`. */
  key: number;
  value: number;
}

/** The entries of a Map or Set that have a key or value on the heap, in order of insertion. */
export function orderedEntries(graph: HeapGraph, collection: number, limit = Infinity): Entry[] {
  const tableNode = graph.follow(collection, 'internal', 'table');
  const table = tableNode < 0 ? null : orderedTable(graph.selfBytesOf(tableNode));
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
  const slot = graph.strings.numberAt(graph.nameNumberOf(edge));
  const table = slot < 0 ? null : orderedTable(graph.selfBytesOf(tableNode));
  if (table?.kind !== 'Map' || slot < table.firstEntry) return false;
  return (slot - table.firstEntry) % table.entryWidth === 0;
}
