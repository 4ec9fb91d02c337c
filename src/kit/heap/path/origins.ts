import type { Heap } from '../heap.js';
import { ROOT_COSTS } from './costs.js';
import { isModuleScope, scriptOfClosure, scriptOfScope } from './scopes.js';
import { isNodeFile, isOwnFile } from './script-name.js';
import { suspendedFunction } from './suspended.js';

/** Where an owner path may start. */
export type Origin =
  | { kind: 'nest'; module: number }
  | { kind: 'module'; scope: number; script: string | null }
  /** A suspended function, and its file. */
  | { kind: 'function'; closure: number; script: string }
  | { kind: 'global'; object: number }
  | { kind: 'root'; node: number };

/** The origin that a node is, with the cost of starting there; null for all other nodes. */
export function originAt(heap: Heap, node: number): { origin: Origin; cost: number } | null {
  const { nest, globals, processes } = heap.namedRoots;
  if (heap.graph.typeOf(node) === 'synthetic')
    return { origin: { kind: 'root', node }, cost: ROOT_COSTS.root };
  if (nest.moduleNames.has(node)) {
    const imported = nest.importedBy.has(node);
    return {
      origin: { kind: 'nest', module: node },
      cost: imported ? ROOT_COSTS.nestImported : ROOT_COSTS.nestRoot,
    };
  }
  if (isModuleScope(heap, node)) {
    const script = scriptOfScope(heap, node);
    return { origin: { kind: 'module', scope: node, script }, cost: moduleCost(script) };
  }
  if (globals.has(node) || processes.has(node))
    return { origin: { kind: 'global', object: node }, cost: ROOT_COSTS.global };
  const closure = suspendedFunction(heap.graph, node);
  const script = closure < 0 ? null : scriptOfClosure(heap, closure);
  if (script === null) return null;
  return { origin: { kind: 'function', closure, script }, cost: moduleCost(script) + ROOT_COSTS.suspended };
}

function moduleCost(script: string | null): number {
  if (script === null) return ROOT_COSTS.unknownModule;
  if (isOwnFile(script)) return ROOT_COSTS.ownModule;
  return isNodeFile(script) ? ROOT_COSTS.nodeInternal : ROOT_COSTS.dependency;
}
