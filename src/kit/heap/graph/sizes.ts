import { WideArray } from '../read/columns.js';
import { Dominators } from './dominators.js';
import { HeapGraph } from './heap-graph.js';

const NOBODY = 0xff_ff_ff_ff;
const SEVERAL = 0xff_ff_ff_fe;
const EXTERNAL_STRING = 'system / ExternalStringData';

/**
 * Shallow sizes as DevTools shows them: what V8 keeps beside an object for it alone (the elements of
 * an array, the table of a Map, the properties of a dictionary) counts as the object's own. A hidden node
 * or array belongs to the one object that reaches it through such nodes only; with several, to none.
 */
export function shallowSizesOf(graph: HeapGraph): WideArray {
  const sizes = graph.selfSizes.slice();
  let total = 0;
  for (const size of graph.selfSizes) total += size;
  const shallow = total > NOBODY ? Float64Array.from(sizes) : sizes;
  if (!hasProgramRoots(graph)) return shallow;
  const owners = ownersOf(graph);
  const synthetic = graph.nodeType('synthetic');
  for (let node = 0; node < graph.nodeCount; node++) {
    const owner = owners[node]!;
    if (owner === node || owner >= SEVERAL) continue;
    if (graph.types[owner] === synthetic || owner === graph.root) continue;
    shallow[owner]! += shallow[node]!;
    shallow[node] = 0;
  }
  return shallow;
}

/** Without any, the snapshot was taken to show V8's internals, and nothing is moved. */
function hasProgramRoots(graph: HeapGraph): boolean {
  const { root, firstEdge, edgeTo } = graph;
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    if (graph.typeOf(edgeTo[edge]!) !== 'synthetic') return true;
    if (graph.nameOf(edgeTo[edge]!) === '(Document DOM trees)') return true;
  }
  return false;
}

function ownersOf(graph: HeapGraph): Uint32Array {
  const { nodeCount, types, firstEdge, edgeKinds, edgeTo } = graph;
  const weak = graph.edgeType('weak');
  const hidden = graph.nodeType('hidden');
  const array = graph.nodeType('array');
  const native = graph.nodeType('native');
  const owners = new Uint32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const type = types[node]!;
    const owned =
      type === hidden || type === array || (type === native && graph.nameOf(node) === EXTERNAL_STRING);
    owners[node] = owned ? NOBODY : node;
  }
  const pending: number[] = [];
  const spread = (node: number, owner: number): void => {
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const to = edgeTo[edge]!;
      const old = owners[to]!;
      if (old === to || old === owner || old === SEVERAL || edgeKinds[edge] === weak) continue;
      owners[to] = old === NOBODY ? owner : SEVERAL;
      pending.push(to);
    }
  };
  for (let node = 0; node < nodeCount; node++) {
    if (owners[node] !== node) continue;
    spread(node, node);
    while (pending.length > 0) {
      const owned = pending.pop()!;
      spread(owned, owners[owned]!);
    }
  }
  return owners;
}

/** What a collection would free if the node went away: its own size and that of all it dominates. */
export function retainedSizesOf(shallow: WideArray, dominators: Dominators): WideArray {
  const { of, order } = dominators;
  let total = 0;
  for (const size of shallow) total += size;
  const retained = total > NOBODY ? Float64Array.from(shallow) : shallow.slice();
  for (let at = order.length - 1; at > 0; at--) {
    const node = order[at]!;
    retained[of[node]!]! += retained[node]!;
  }
  return retained;
}
