import { WideArray } from '../read/columns.js';
import { Dominators } from './dominators.js';
import { HeapGraph } from './heap-graph.js';

const MAX_UINT32 = 0xff_ff_ff_ff;
const NO_OWNER = 0xff_ff_ff_ff;
const SEVERAL_OWNERS = 0xff_ff_ff_fe;
const EXTERNAL_STRING = 'system / ExternalStringData';

/**
 * Shallow sizes in bytes, as DevTools shows them. The store of an object (the elements of an array, the table of a Map,
 * the properties of a dictionary) counts as part of the object. A hidden node or array belongs to the object that
 * reaches it through hidden nodes and arrays only; where several objects do, it belongs to none of them.
 */
export function shallowSizesOf(graph: HeapGraph): WideArray {
  const sizes = graph.selfSizes.slice();
  let total = 0;
  for (const size of graph.selfSizes) total += size;
  const shallow = total > MAX_UINT32 ? Float64Array.from(sizes) : sizes;
  if (!hasProgramRoots(graph)) return shallow;
  const owners = ownersOf(graph);
  const synthetic = graph.nodeType('synthetic');
  for (let node = 0; node < graph.nodeCount; node++) {
    const owner = owners[node]!;
    if (owner === node || owner >= SEVERAL_OWNERS) continue;
    if (graph.types[owner] === synthetic || owner === graph.root) continue;
    shallow[owner]! += shallow[node]!;
    shallow[node] = 0;
  }
  return shallow;
}

/** A snapshot without program roots was taken to show V8's internals; DevTools then leaves all sizes as they are. */
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
    owners[node] = owned ? NO_OWNER : node;
  }
  const pending: number[] = [];
  const spread = (node: number, owner: number): void => {
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const to = edgeTo[edge]!;
      const old = owners[to]!;
      if (old === to || old === owner || old === SEVERAL_OWNERS || edgeKinds[edge] === weak) continue;
      owners[to] = old === NO_OWNER ? owner : SEVERAL_OWNERS;
      pending.push(to);
    }
  };
  for (let node = 0; node < nodeCount; node++) {
    if (owners[node] !== node) continue;
    spread(node, node);
    for (let owned = pending.pop(); owned !== undefined; owned = pending.pop()) spread(owned, owners[owned]!);
  }
  return owners;
}

/** Retained sizes in bytes: what a collection would free without the node, which is the sum over all it dominates. */
export function retainedSizesOf(shallow: WideArray, dominators: Dominators): WideArray {
  const { of, order } = dominators;
  let total = 0;
  for (const size of shallow) total += size;
  const retained = total > MAX_UINT32 ? Float64Array.from(shallow) : shallow.slice();
  for (let at = order.length - 1; at > 0; at--) {
    const node = order[at]!;
    retained[of[node]!]! += retained[node]!;
  }
  return retained;
}
