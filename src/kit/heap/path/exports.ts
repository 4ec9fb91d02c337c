import { HeapGraph } from '../graph/heap-graph.js';

/** Whether a node is V8's record of an ES module. An exported variable is not in the module's scope, but in a cell of it. */
export function isEsModule(graph: HeapGraph, node: number): boolean {
  return isHidden(graph, node, 'system / SourceTextModule');
}

const CELL = 'system / Cell';

export function isCell(graph: HeapGraph, node: number): boolean {
  return isHidden(graph, node, CELL);
}

/** By the number of the name: to read the names of a million nodes would take a second. */
function isHidden(graph: HeapGraph, node: number, name: string): boolean {
  return graph.typeOf(node) === 'hidden' && graph.names[node] === graph.strings.indexOf(name);
}

/**
 * The name under which a module exports a cell, if the edge is the cell's slot in the module's table of exports; null
 * for every other edge. The slots of that table alternate between name and cell (V8, ObjectHashTable in
 * src/objects/hash-table.h), so that the edge before has the name.
 */
export function exportedName(graph: HeapGraph, table: number, edge: number): string | null {
  if (edge <= graph.edgeStart(table) || !isCell(graph, graph.targetOf(edge))) return null;
  const slotOf = (one: number): number => graph.strings.numberAt(graph.nameNumberOf(one));
  const name = graph.targetOf(edge - 1);
  const adjacent = slotOf(edge - 1) === slotOf(edge) - 1;
  return adjacent && graph.typeOf(name) === 'string' ? graph.nameOf(name) : null;
}
