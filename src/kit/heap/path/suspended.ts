import { HeapGraph } from '../graph/heap-graph.js';

const REGISTERS = 'parameters_and_registers';
/** V8's record of a suspended function has six edges, and those that the program adds. */
const MOST_EDGES = 24;

/**
 * The function that waits in a record of V8's (JSGeneratorObject, in src/objects/js-generator.tq): an async function
 * at its `await`, a generator at its `yield`. -1 for every other node, and for one that has ended.
 *
 * Nobody holds the variables of such a function but what will wake it, which does not say whose they are.
 */
export function suspendedFunction(graph: HeapGraph, node: number): number {
  if (graph.firstEdge[node + 1]! - graph.firstEdge[node]! > MOST_EDGES) return -1;
  if (graph.typeOf(node) !== 'object' || graph.follow(node, 'internal', REGISTERS) < 0) return -1;
  return graph.follow(node, 'internal', 'function');
}

/** Where a function that waits keeps its local variables, or -1. They have lost their names. */
export function localsOf(graph: HeapGraph, node: number): number {
  return suspendedFunction(graph, node) < 0 ? -1 : graph.follow(node, 'internal', REGISTERS);
}
