import { HeapGraph } from '../graph/heap-graph.js';

const REGISTERS = 'parameters_and_registers';
/** V8's record of a suspended function has six edges, and more only for properties that the program adds. */
const MOST_EDGES = 24;

/**
 * The suspended function of a V8 record (JSGeneratorObject, in src/objects/js-generator.tq): an async function at an
 * `await`, or a generator at a `yield`. -1 for every other node, and for a function that has ended.
 *
 * Only what will resume such a function retains its variables, and that does not tell who owns them. A path therefore
 * starts at the function itself.
 */
export function suspendedFunction(graph: HeapGraph, node: number): number {
  if (graph.edgeEnd(node) - graph.edgeStart(node) > MOST_EDGES) return -1;
  if (graph.typeOf(node) !== 'object' || graph.follow(node, 'internal', REGISTERS) < 0) return -1;
  return graph.follow(node, 'internal', 'function');
}

/** The node with the local variables of a suspended function, or -1. V8 does not keep their names. */
export function localsOf(graph: HeapGraph, node: number): number {
  return suspendedFunction(graph, node) < 0 ? -1 : graph.follow(node, 'internal', REGISTERS);
}
