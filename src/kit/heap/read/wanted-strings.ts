import { SnapshotLayout } from './meta.js';
import { EdgeRows, NodeRows } from './rows.js';

/** Strings that only other parts of the snapshot refer to: names of scripts, of allocating functions. */
const SPARE = 1 << 16;

/**
 * Which strings are names: of anything that is not itself a string, and of edges that are not indexes.
 * Every string of V8's is referred to, so there are no more of them than there are rows; what points
 * beyond is either not kept at hand or, in the end, found to point nowhere.
 */
export function wantedStrings(layout: SnapshotLayout, nodes: NodeRows, edges: EdgeRows): Uint8Array {
  const wanted = new Uint8Array(nodes.count + edges.count + SPARE);
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
