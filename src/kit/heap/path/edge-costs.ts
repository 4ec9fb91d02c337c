import { HeapGraph } from '../graph/heap-graph.js';
import { exportedName, isEsModule } from './exports.js';

/**
 * What a step costs, in the eyes of someone who has to find the line to change. Ten is a named
 * property. A path is the cheapest way from where names begin, so a dear step is one that is taken
 * only when there is no straighter story; no step is forbidden but the weak ones, which keep nothing.
 */
export const COSTS = {
  /** `object.name`: this is how the program itself says it. */
  property: 10,
  /** A variable that a function closes over. */
  variable: 12,
  /** An entry of a container, by index or key: right, but one of many. */
  entry: 14,
  /** From a container to its own table or store: V8's business, free. */
  store: 1,
  /** From a function to the scope it was made in. */
  scope: 8,
  /** From a scope to the one around it: the function did not name the variable, a neighbour did. */
  outerScope: 14,
  /** Through the prototype chain or `constructor`: true of every instance, so it explains none. */
  prototype: 60,
  /** A provider of a Nest module, or a module imported by another: Nest's own records say so. */
  nest: 1,
  /** Through a Nest module's own fields: its books, in which everything is written. */
  nestBooks: 60,
  /** A step inside V8 with no name in the program. */
  internal: 30,
  /** Fields without even an internal name. */
  hidden: 150,
  /** A WeakMap's value, through its key: alive because of something that does not mention it. */
  weakMap: 300,
  /** Code, shapes, feedback: they keep their functions' constants, and everything shares them. */
  plumbing: 300,
} as const;

/** Added for passing through an object of these classes. */
const DEAR_OBJECTS: Readonly<Record<string, number>> = {
  // A timer keeps its callback, but the callback's scope is nobody's property.
  Timeout: 300,
  Immediate: 300,
  TimersList: 300,
  PriorityQueue: 300,
  // The loader of ES modules, twin of the require cache.
  ModuleJob: 300,
  ModuleWrap: 300,
  // Suspended functions and reactions: alive for the moment, in nobody's name.
  Generator: 80,
  AsyncGenerator: 80,
  Promise: 80,
};

const PLUMBING = new Set(['code', 'shared', 'map', 'feedback_cell', 'initial_map', 'scope_info', 'script']);
const STORES = new Set([
  'table',
  'elements',
  'properties',
  'value',
  'buffer',
  'backing_store',
  'global_object',
]);
const PROTOTYPES = new Set(['__proto__', 'prototype', 'constructor']);
/** Node 26 keeps variables that change in cells of their own. */
const CELLS = new Set(['system / ContextCell', 'system / Cell', 'system / PropertyCell']);

/** What one step from `from` along `edge` costs. Names are looked up only where they matter. */
export function edgeCost(graph: HeapGraph, from: number, edge: number): number {
  switch (graph.edgeTypeOf(edge)) {
    case 'property':
      return PROTOTYPES.has(graph.edgeName(edge)) ? COSTS.prototype : COSTS.property;
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
  if (text === 'previous') return COSTS.outerScope;
  if (text === 'extension') return isEsModule(graph, graph.edgeTo[edge]!) ? COSTS.scope : COSTS.internal;
  return PLUMBING.has(text) ? COSTS.plumbing : COSTS.internal;
}

/** What it costs to have a node on the way at all. */
export function nodeCost(graph: HeapGraph, node: number): number {
  switch (graph.typeOf(node)) {
    case 'object':
      return DEAR_OBJECTS[graph.nameOf(node)] ?? (isCommonJsModule(graph, node) ? COSTS.plumbing : 0);
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
