import { SnapshotLayout } from './meta.js';
import { EdgeRows, NodeRows } from './rows.js';
import { TraceFunctions } from './trace-functions.js';

/** Room for strings that only other parts of the snapshot refer to, such as names of allocating functions. */
const SPARE = 1 << 16;

/**
 * Marks the strings that are names: of nodes that are not strings, of edges whose name is not an index, and of functions
 * that allocate. V8 writes no
 * string that no row refers to, so that there are at most as many strings as rows. An index beyond the result is ignored
 * here; the graph rejects it if no such string exists.
 */
export function wantedStrings(
  layout: SnapshotLayout,
  nodes: NodeRows,
  edges: EdgeRows,
  functions: TraceFunctions | null,
): Uint8Array {
  const wanted = new Uint8Array(nodes.count + edges.count + SPARE);
  const isName = layout.nodeTypes.map((type) => !type.endsWith('string'));
  for (let node = 0; node < nodes.count; node++) {
    if (isName[nodes.types[node]!]) wanted[nodes.names[node]!] = 1;
  }
  const isNamed = layout.edgeTypes.map((type) => type !== 'element' && type !== 'hidden');
  for (let edge = 0; edge < edges.count; edge++) {
    if (isNamed[edges.types[edge]!]) wanted[edges.names[edge]!] = 1;
  }
  for (const name of functions?.nameIndexes() ?? []) wanted[name] = 1;
  return wanted;
}
