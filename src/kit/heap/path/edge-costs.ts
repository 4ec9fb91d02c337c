import { HeapGraph } from '../graph/heap-graph.js';
import { EDGE_COSTS, OBJECT_COSTS } from './costs.js';
import { exportedName, isEsModule } from './exports.js';

const ENGINE_INTERNALS = new Set([
  'code',
  'shared',
  'map',
  'feedback_cell',
  'initial_map',
  'scope_info',
  'script',
]);
const STORES = new Set([
  'table',
  'elements',
  'properties',
  'value',
  'buffer',
  'backing_store',
  'global_object',
  // The local variables of a suspended function.
  'parameters_and_registers',
]);
/** Properties that do not tell who owns their value. */
const PROPERTY_COSTS = new Map<string, number>([
  ...['__proto__', 'prototype', 'constructor'].map((name) => [name, EDGE_COSTS.prototype] as const),
  ...['_idleNext', '_idlePrev'].map((name) => [name, EDGE_COSTS.nextTimer] as const),
]);
/** Node 26 stores variables that change in cells of their own. */
const CELLS = new Set(['system / ContextCell', 'system / Cell', 'system / PropertyCell']);

/** The cost of the step from `from` along `edge`. Names are looked up only where the cost depends on them. */
export function edgeCost(graph: HeapGraph, from: number, edge: number): number {
  switch (graph.edgeTypeOf(edge)) {
    case 'property':
      return PROPERTY_COSTS.get(graph.edgeName(edge)) ?? EDGE_COSTS.property;
    case 'context':
      return EDGE_COSTS.variable;
    case 'element':
      return EDGE_COSTS.entry;
    case 'shortcut':
      return EDGE_COSTS.store;
    case 'internal':
      return internalCost(graph, from, edge);
    case 'hidden':
      return CELLS.has(graph.nameOf(from)) || isEsModule(graph, from) ? EDGE_COSTS.store : EDGE_COSTS.hidden;
    case 'weak':
      return Infinity;
    default:
      return EDGE_COSTS.hidden;
  }
}

function internalCost(graph: HeapGraph, from: number, edge: number): number {
  const name = graph.nameNumberOf(edge);
  if (graph.strings.numberAt(name) >= 0) {
    // A cell belongs to the module that exports it. Modules that import it refer to the same cell without a name.
    return exportedName(graph, from, edge) === null ? EDGE_COSTS.entry : EDGE_COSTS.store;
  }
  if (graph.strings.ephemeronTable(name) >= 0) return EDGE_COSTS.weakMap;
  const text = graph.strings.get(name);
  if (STORES.has(text)) return EDGE_COSTS.store;
  if (text === 'context') return EDGE_COSTS.scope;
  // The `this` of a suspended function.
  if (text === 'receiver') return EDGE_COSTS.property;
  if (text === 'previous') return EDGE_COSTS.outerScope;
  if (text === 'extension')
    return isEsModule(graph, graph.targetOf(edge)) ? EDGE_COSTS.scope : EDGE_COSTS.internal;
  return ENGINE_INTERNALS.has(text) ? EDGE_COSTS.engineInternals : EDGE_COSTS.internal;
}

/** The cost of a node on the path, whichever edges lead to and from it. */
export function nodeCost(graph: HeapGraph, node: number): number {
  switch (graph.typeOf(node)) {
    case 'object':
      return (
        OBJECT_COSTS[graph.nameOf(node)] ?? (isCommonJsModule(graph, node) ? EDGE_COSTS.engineInternals : 0)
      );
    case 'hidden':
      return CELLS.has(graph.nameOf(node)) ? 0 : EDGE_COSTS.internal;
    case 'code':
    case 'object shape':
      return EDGE_COSTS.engineInternals;
    case 'native':
      return EDGE_COSTS.hidden;
    default:
      return 0;
  }
}

/** A CommonJS module object: the require cache has one for every file, so that it explains nothing. */
function isCommonJsModule(graph: HeapGraph, node: number): boolean {
  return graph.nameOf(node) === 'Module' && graph.follow(node, 'property', 'children') >= 0;
}
