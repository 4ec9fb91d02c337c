import { Bits } from './bits.js';
import { HeapGraph } from './heap-graph.js';

/** Chrome's synthetic root of the documents, which count as reachable from the page. */
const DOCUMENT_ROOT = '(Document DOM trees)';

/**
 * Finds the edges that keep their target alive, by the rules of Chrome DevTools (front_end/entrypoints/
 * heap_snapshot_worker), so that retained sizes are equal to those in DevTools:
 *
 * - A weak edge does not retain.
 * - An edge from a node to itself does not retain.
 * - A shortcut is a second name for a node that other edges reach, and does not retain. Shortcuts of the root are the
 *   exception: they mark the global objects.
 * - A WeakMap's value is alive while both its key and the table are alive, so that one of the two edges is enough. The
 *   edge from the key tells more about the program, so that the edge from the table does not retain.
 * - A node that the global objects do not reach (the debugger, the embedder's handles) does not retain one that they
 *   reach. Otherwise V8's own roots would dominate much of the program.
 *
 * Detachedness of DOM nodes is ignored.
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

/** The nodes that strong edges reach from the global objects, which are the targets of the root's shortcuts. */
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
