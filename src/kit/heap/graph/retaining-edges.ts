import { Bits } from './bits.js';
import { HeapGraph } from './heap-graph.js';

/** The synthetic root of Chrome under which documents hang: they count as reached by the page. */
const DOCUMENT_ROOT = '(Document DOM trees)';

/**
 * Which edges keep their target alive, by the rules of Chrome DevTools' own model (front_end/
 * entrypoints/heap_snapshot_worker), so that retained sizes here are those that it shows:
 *
 * - a weak edge keeps nothing;
 * - an edge to itself keeps nothing;
 * - a shortcut is a second name for what other edges reach, except from the root, where it marks the
 *   global objects;
 * - a WeakMap's value is kept by key and table together, so one edge of the two is enough, and the one
 *   from the key says more: the one from the table is left out;
 * - what the program can reach from its global objects is not kept by what it cannot reach (the
 *   debugger, the embedder's handles): such edges would blur every dominator of the program.
 *
 * Detachedness plays no part.
 */
export function retainingEdges(graph: HeapGraph): Bits {
  const { nodeCount, root, firstEdge, edgeKinds, edgeNames, edgeTo, ids, strings } = graph;
  const weak = graph.edgeType('weak');
  const shortcut = graph.edgeType('shortcut');
  const internal = strings.hasEphemerons ? graph.edgeType('internal') : -1;
  const reachable = reachableFromGlobals(graph);
  const retaining = new Bits(graph.edgeCount);
  for (let node = 0; node < nodeCount; node++) {
    const end = firstEdge[node + 1]!;
    const fromProgram = reachable.has(node);
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const kind = edgeKinds[edge]!;
      const to = edgeTo[edge]!;
      if (kind === weak || to === node) continue;
      if (node !== root && (kind === shortcut || (!fromProgram && reachable.has(to)))) continue;
      if (kind === internal && strings.ephemeronTable(edgeNames[edge]!) === ids[node]) continue;
      retaining.add(edge);
    }
  }
  return retaining;
}

/** Everything that strong edges reach from the global objects (the root's shortcuts). */
function reachableFromGlobals(graph: HeapGraph): Bits {
  const { firstEdge, edgeKinds, edgeTo, root } = graph;
  const weak = graph.edgeType('weak');
  const shortcut = graph.edgeType('shortcut');
  const element = graph.edgeType('element');
  const seen = new Bits(graph.nodeCount);
  const stack = new Uint32Array(graph.nodeCount);
  let depth = 0;
  const visit = (node: number): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack[depth++] = node;
  };
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    const to = edgeTo[edge]!;
    if (edgeKinds[edge] === shortcut) visit(to);
    else if (edgeKinds[edge] === element && isDocumentRoot(graph, to)) visit(to);
  }
  while (depth > 0) {
    const node = stack[--depth]!;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      if (edgeKinds[edge] !== weak) visit(edgeTo[edge]!);
    }
  }
  return seen;
}

function isDocumentRoot(graph: HeapGraph, node: number): boolean {
  return graph.typeOf(node) === 'synthetic' && graph.nameOf(node) === DOCUMENT_ROOT;
}
