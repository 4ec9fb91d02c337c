import { HeapGraph } from '../graph/heap-graph.js';

/** The record of an ES module. What a module exports is no variable of its scope, but a cell that the record keeps. */
export function isEsModule(graph: HeapGraph, node: number): boolean {
  return graph.typeOf(node) === 'hidden' && graph.nameOf(node) === 'system / SourceTextModule';
}

const CELL = 'system / Cell';

export function isCell(graph: HeapGraph, node: number): boolean {
  return graph.typeOf(node) === 'hidden' && graph.nameOf(node) === CELL;
}

/**
 * The name under which a module exports a cell, if the edge is the cell's slot in the module's table of exports
 * (V8, ObjectHashTable in src/objects/hash-table.h: name, cell, name, cell …); null for every other edge.
 */
export function exportedName(graph: HeapGraph, table: number, edge: number): string | null {
  if (edge <= graph.firstEdge[table]! || !isCell(graph, graph.edgeTo[edge]!)) return null;
  const { strings, edgeNames, edgeTo } = graph;
  const name = edgeTo[edge - 1]!;
  const adjacent = strings.numberAt(edgeNames[edge - 1]!) === strings.numberAt(edgeNames[edge]!) - 1;
  return adjacent && graph.typeOf(name) === 'string' ? graph.nameOf(name) : null;
}
