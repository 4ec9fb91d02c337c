import { SnapshotLayout } from './meta.js';
import { EdgeRows, NodeRows } from './rows.js';

/** The shortest string of the array, `"",`, takes three bytes. */
const MIN_STRING_BYTES = 3;

/**
 * Which strings are names: of anything that is not itself a string, and of edges that are not indexes.
 * One mark for each index that the file's size leaves room for; an index beyond is found out later.
 */
export function wantedStrings(
  layout: SnapshotLayout,
  nodes: NodeRows,
  edges: EdgeRows,
  size: number,
): Uint8Array {
  const wanted = new Uint8Array(Math.ceil(size / MIN_STRING_BYTES) + 1);
  const isName = layout.nodeTypes.map((type) => !type.endsWith('string'));
  for (let node = 0; node < nodes.count; node++) {
    if (isName[nodes.types[node]!]) wanted[nodes.names[node]!] = 1;
  }
  const isNamed = layout.edgeTypes.map((type) => type !== 'element' && type !== 'hidden');
  for (let edge = 0; edge < edges.count; edge++) {
    if (isNamed[edges.types[edge]!]) wanted[edges.names[edge]!] = 1;
  }
  return wanted;
}
