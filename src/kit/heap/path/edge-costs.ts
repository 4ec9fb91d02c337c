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

/**
 * The costs of edges and nodes by the numbers of their types and names. A search looks at a million edges above a node
 * that much of the program refers to, so that no name is read twice.
 */
class Costs {
  readonly #property: number;
  readonly #context: number;
  readonly #element: number;
  readonly #shortcut: number;
  readonly #internal: number;
  readonly #hidden: number;
  readonly #weak: number;
  readonly #types: readonly string[];
  readonly #properties = new Map<number, number>();
  readonly #internals = new Map<number, number>();
  readonly #objects = new Map<number, number>();
  readonly #cells = new Map<number, boolean>();

  constructor(private readonly graph: HeapGraph) {
    this.#property = graph.edgeType('property');
    this.#context = graph.edgeType('context');
    this.#element = graph.edgeType('element');
    this.#shortcut = graph.edgeType('shortcut');
    this.#internal = graph.edgeType('internal');
    this.#hidden = graph.edgeType('hidden');
    this.#weak = graph.edgeType('weak');
    this.#types = graph.nodeTypes;
    for (const [text, cost] of PROPERTY_COSTS) this.#properties.set(graph.strings.indexOf(text), cost);
  }

  edge(from: number, edge: number): number {
    switch (this.graph.edgeKinds[edge]!) {
      case this.#property:
        return this.#properties.get(this.graph.edgeNames[edge]!) ?? EDGE_COSTS.property;
      case this.#context:
        return EDGE_COSTS.variable;
      case this.#element:
        return EDGE_COSTS.entry;
      case this.#shortcut:
        return EDGE_COSTS.store;
      case this.#internal:
        return this.#internalEdge(from, edge);
      case this.#hidden:
        return this.#isCell(from) || isEsModule(this.graph, from) ? EDGE_COSTS.store : EDGE_COSTS.hidden;
      case this.#weak:
        return Infinity;
      default:
        return EDGE_COSTS.hidden;
    }
  }

  #internalEdge(from: number, edge: number): number {
    const name = this.graph.edgeNames[edge]!;
    if (this.graph.strings.numberAt(name) >= 0) {
      // A cell belongs to the module that exports it. Modules that import it refer to the same cell without a name.
      return exportedName(this.graph, from, edge) === null ? EDGE_COSTS.entry : EDGE_COSTS.store;
    }
    if (this.graph.strings.ephemeronTable(name) >= 0) return EDGE_COSTS.weakMap;
    let cost = this.#internals.get(name);
    if (cost === undefined) this.#internals.set(name, (cost = internalCost(this.graph.strings.get(name))));
    if (cost === OF_MODULE) {
      return isEsModule(this.graph, this.graph.targetOf(edge)) ? EDGE_COSTS.scope : EDGE_COSTS.internal;
    }
    return cost;
  }

  node(node: number): number {
    switch (this.#types[this.graph.types[node]!]!) {
      case 'object':
        return this.#object(node);
      case 'hidden':
        return this.#isCell(node) ? 0 : EDGE_COSTS.internal;
      case 'code':
      case 'object shape':
        return EDGE_COSTS.engineInternals;
      case 'native':
        return EDGE_COSTS.hidden;
      default:
        return 0;
    }
  }

  #object(node: number): number {
    const name = this.graph.names[node]!;
    let cost = this.#objects.get(name);
    if (cost === undefined) {
      const text = this.graph.nameOf(node);
      const own = Object.hasOwn(OBJECT_COSTS, text) ? OBJECT_COSTS[text]! : 0;
      cost = text === 'Module' ? OF_MODULE : own;
      this.#objects.set(name, cost);
    }
    if (cost !== OF_MODULE) return cost;
    return isOfCommonJs(this.graph, node) ? EDGE_COSTS.engineInternals : 0;
  }

  #isCell(node: number): boolean {
    const name = this.graph.names[node]!;
    let is = this.#cells.get(name);
    if (is === undefined) this.#cells.set(name, (is = CELLS.has(this.graph.nameOf(node))));
    return is;
  }
}

/** Stands for a cost that depends on more than the name. */
const OF_MODULE = -1;

function internalCost(text: string): number {
  if (STORES.has(text)) return EDGE_COSTS.store;
  if (text === 'context') return EDGE_COSTS.scope;
  // The `this` of a suspended function.
  if (text === 'receiver') return EDGE_COSTS.property;
  if (text === 'previous') return EDGE_COSTS.outerScope;
  if (text === 'extension') return OF_MODULE;
  return ENGINE_INTERNALS.has(text) ? EDGE_COSTS.engineInternals : EDGE_COSTS.internal;
}

const costs = new WeakMap<HeapGraph, Costs>();

function costsOf(graph: HeapGraph): Costs {
  let known = costs.get(graph);
  if (known === undefined) costs.set(graph, (known = new Costs(graph)));
  return known;
}

/** The cost of the step from `from` along `edge`. */
export function edgeCost(graph: HeapGraph, from: number, edge: number): number {
  return costsOf(graph).edge(from, edge);
}

/** The cost of a node on the path, whichever edges lead to and from it. */
export function nodeCost(graph: HeapGraph, node: number): number {
  return costsOf(graph).node(node);
}

/** Of an object of a class `Module`: whether it is CommonJS's. The require cache has one for every file, so that it explains nothing. */
function isOfCommonJs(graph: HeapGraph, node: number): boolean {
  return graph.follow(node, 'property', 'children') >= 0;
}
