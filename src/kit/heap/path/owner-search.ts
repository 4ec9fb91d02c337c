import { Heap } from '../heap.js';
import { BucketQueue } from './bucket-queue.js';
import { ROOT_COSTS, EDGE_COSTS } from './costs.js';
import { nodeCost } from './edge-costs.js';
import { EdgesBetween } from './edges-between.js';
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

/** One step from `from` down to `to`. `edge` is -1 for a step from Nest's records, which `label` names. */
export interface OwnerStep {
  from: number;
  to: number;
  edge: number;
  label: string | null;
}

export interface OwnerRoute {
  origin: Origin;
  /** From the origin down to the target. */
  steps: OwnerStep[];
  cost: number;
  /** Number of nodes that the search visited. */
  visited: number;
}

const NO_PROMPTS: ReadonlySet<number> = new Set();

/**
 * The cheapest route from a named root to a node, by Dijkstra's algorithm over the retainers, from the node upwards. In
 * that direction it visits the nodes above the target, and not the million records beside it. Null if nothing retains
 * the node.
 *
 * @param prompts nodes of a console: see `findPromptNodes`
 */
export function searchOwner(
  heap: Heap,
  target: number,
  prompts: ReadonlySet<number> = NO_PROMPTS,
): OwnerRoute | null {
  const { graph, retainers } = heap;
  const { nest } = heap.namedRoots;
  const found = new Map<number, { cost: number; step: OwnerStep | null }>([
    [target, { cost: 0, step: null }],
  ]);
  const done = new Set<number>();
  const edges = new EdgesBetween(heap);
  const queue = new BucketQueue();
  queue.push(target, 0);
  let best: { cost: number; node: number; origin: Origin } | null = null;

  const reach = (from: number, cost: number, to: number, edge: number, label: string | null): void => {
    if (cost >= (found.get(from)?.cost ?? Infinity)) return;
    found.set(from, { cost, step: { from, to, edge, label } });
    queue.push(from, cost);
  };
  for (let node = queue.pop(); node !== null; node = queue.pop()) {
    const cost = queue.cost;
    if (best !== null && best.cost <= cost) break;
    if (done.has(node)) continue;
    done.add(node);
    const start = originAt(heap, node);
    if (start !== null && (node !== target || start.origin.kind !== 'module')) {
      const total = cost + start.cost;
      if (best === null || total < best.cost) best = { cost: total, node, origin: start.origin };
      if (start.origin.kind === 'root' || start.origin.kind === 'global') continue;
    }
    for (const { module, label } of nest.providedBy.get(node) ?? []) {
      reach(module, cost + EDGE_COSTS.nest, node, -1, label);
    }
    for (const module of nest.importedBy.get(node) ?? []) {
      reach(module, cost + EDGE_COSTS.nest, node, -1, nest.moduleNames.get(node) ?? null);
    }
    for (let at = retainers.first[node]!; at < retainers.first[node + 1]!; at++) {
      const from = retainers.from[at]!;
      if (done.has(from)) continue;
      const through =
        cost +
        nodeCost(graph, from) +
        (nest.moduleNames.has(from) ? EDGE_COSTS.nestRecords : 0) +
        (prompts.has(from) ? EDGE_COSTS.prompt : 0);
      if (through >= (found.get(from)?.cost ?? Infinity)) continue;
      const { edge, cost: edgeCost } = edges.cheapest(from, node);
      if (edge >= 0 && edgeCost < Infinity) reach(from, through + edgeCost, node, edge, null);
    }
  }
  if (best === null) return null;
  const steps: OwnerStep[] = [];
  for (let at = found.get(best.node); at && at.step !== null; at = found.get(at.step.to)) steps.push(at.step);
  return { origin: best.origin, steps, cost: best.cost, visited: done.size };
}

/** The origin that a node is, with the cost of starting there; null for all other nodes. */
function originAt(heap: Heap, node: number): { origin: Origin; cost: number } | null {
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
