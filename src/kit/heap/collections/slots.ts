import { HeapGraph } from '../graph/heap-graph.js';

/** Sizes in bytes of the header and the slots of a V8 FixedArray: with full pointers (Node), with compressed ones (Chrome). */
const POINTER_SIZES = [
  { header: 16, slot: 8 },
  { header: 8, slot: 4 },
] as const;

/** The numbers of slots that a table of this size in bytes may have, one for each size of pointer that fits. */
export function slotCounts(selfSize: number): number[] {
  return POINTER_SIZES.map(({ header, slot }) => (selfSize - header) / slot).filter(
    (count) => count >= 0 && Number.isInteger(count),
  );
}

export function isPowerOfTwo(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value));
}

/** V8's marker of a deleted entry. Up to Node 20 it was an oddball without edges to it. */
const HOLE = 'system / Hole';

/** Calls `visit` for every slot of a table that has an edge and is not deleted, with the number of the slot. */
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
