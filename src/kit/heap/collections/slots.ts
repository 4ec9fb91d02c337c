import { HeapGraph } from '../graph/heap-graph.js';

/** Sizes of a V8 FixedArray's header and slots: with whole pointers (Node), with compressed ones (Chrome). */
const POINTER_SIZES = [
  { header: 16, slot: 8 },
  { header: 8, slot: 4 },
] as const;

/** How many slots a table or store of this size may have: one answer for each size of pointer. */
export function slotCounts(selfSize: number): number[] {
  return POINTER_SIZES.map(({ header, slot }) => (selfSize - header) / slot).filter(
    (count) => count >= 0 && Number.isInteger(count),
  );
}

export function isPowerOfTwo(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value));
}

/** V8's mark of a deleted entry; up to Node 20 it was one of the oddballs, and had no edges. */
const HOLE = 'system / Hole';

/** Calls back for every edge that is a slot of a table and holds something, with the slot's number. */
export function eachSlot(
  graph: HeapGraph,
  table: number,
  type: 'internal' | 'weak',
  visit: (slot: number, target: number) => void,
): void {
  const kind = graph.edgeType(type);
  const hole = graph.strings.indexOf(HOLE);
  const end = graph.firstEdge[table + 1]!;
  for (let edge = graph.firstEdge[table]!; edge < end; edge++) {
    if (graph.edgeKinds[edge] !== kind) continue;
    const slot = graph.strings.numberAt(graph.edgeNames[edge]!);
    if (slot < 0) continue;
    const target = graph.edgeTo[edge]!;
    if (graph.names[target] !== hole) visit(slot, target);
  }
}
