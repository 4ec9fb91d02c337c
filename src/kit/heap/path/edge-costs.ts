import { HeapGraph } from '../graph/heap-graph.js';
import { COSTS, OBJECT_COSTS } from './costs.js';
import { exportedName, isEsModule } from './exports.js';

const PLUMBING = new Set(['code', 'shared', 'map', 'feedback_cell', 'initial_map', 'scope_info', 'script']);
const STORES = new Set([
  'table',
  'elements',
  'properties',
  'value',
  'buffer',
  'backing_store',
  'global_object',
  // The local variables of a function that waits.
  'parameters_and_registers',
]);
/** Properties that do not say who owns what they lead to. */
const DEAR_PROPERTIES = new Map<string, number>([
  ...['__proto__', 'prototype', 'constructor'].map((name) => [name, COSTS.prototype] as const),
  ...['_idleNext', '_idlePrev'].map((name) => [name, COSTS.nextTimer] as const),
]);
/** Node 26 keeps variables that change in cells of their own. */
const CELLS = new Set(['system / ContextCell', 'system / Cell', 'system / PropertyCell']);

/** What one step from `from` along `edge` costs. Names are looked up only where they matter. */
export function edgeCost(graph: HeapGraph, from: number, edge: number): number {
  switch (graph.edgeTypeOf(edge)) {
    case 'property':
      return DEAR_PROPERTIES.get(graph.edgeName(edge)) ?? COSTS.property;
    case 'context':
      return COSTS.variable;
    case 'element':
      return COSTS.entry;
    case 'shortcut':
      return COSTS.store;
    case 'internal':
      return internalCost(graph, from, edge);
    case 'hidden':
      return CELLS.has(graph.nameOf(from)) || isEsModule(graph, from) ? COSTS.store : COSTS.hidden;
    case 'weak':
      return Infinity;
    default:
      return COSTS.hidden;
  }
}

function internalCost(graph: HeapGraph, from: number, edge: number): number {
  const name = graph.edgeNames[edge]!;
  if (graph.strings.numberAt(name) >= 0) {
    // By the module that exports it: those that import it hold the same cell, and do not name it.
    return exportedName(graph, from, edge) === null ? COSTS.entry : COSTS.store;
  }
  if (graph.strings.ephemeronTable(name) >= 0) return COSTS.weakMap;
  const text = graph.strings.get(name);
  if (STORES.has(text)) return COSTS.store;
  if (text === 'context') return COSTS.scope;
  // What a function that waits has as its `this`.
  if (text === 'receiver') return COSTS.property;
  if (text === 'previous') return COSTS.outerScope;
  if (text === 'extension') return isEsModule(graph, graph.edgeTo[edge]!) ? COSTS.scope : COSTS.internal;
  return PLUMBING.has(text) ? COSTS.plumbing : COSTS.internal;
}

/** What it costs to have a node on the way at all. */
export function nodeCost(graph: HeapGraph, node: number): number {
  switch (graph.typeOf(node)) {
    case 'object':
      return OBJECT_COSTS[graph.nameOf(node)] ?? (isCommonJsModule(graph, node) ? COSTS.plumbing : 0);
    case 'hidden':
      return CELLS.has(graph.nameOf(node)) ? 0 : COSTS.internal;
    case 'code':
    case 'object shape':
      return COSTS.plumbing;
    case 'native':
      return COSTS.hidden;
    default:
      return 0;
  }
}

/** The require cache knows every file; that a file was loaded is no reason for what it holds. */
function isCommonJsModule(graph: HeapGraph, node: number): boolean {
  return graph.nameOf(node) === 'Module' && graph.follow(node, 'property', 'children') >= 0;
}
