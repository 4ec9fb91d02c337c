import { Heap } from '../heap.js';
import { BucketQueue } from './bucket-queue.js';
import { BEGIN, COSTS } from './costs.js';
import { nodeCost } from './edge-costs.js';
import { EdgesBetween } from './edges-between.js';
import { isModuleScope, scriptOfClosure, scriptOfScope } from './scopes.js';
import { isNodeFile, isOwnFile } from './script-name.js';
import { suspendedFunction } from './suspended.js';

/** Where a story may begin. */
export type Origin =
  | { kind: 'nest'; module: number }
  | { kind: 'module'; scope: number; script: string | null }
  /** A function that waits, and the file it was written in. */
  | { kind: 'function'; closure: number; script: string }
  | { kind: 'global'; object: number }
  | { kind: 'root'; node: number };

/** One step down from `from`. `edge` is -1 for a step that Nest's records draw, named by `label`. */
export interface OwnerStep {
  from: number;
  to: number;
  edge: number;
  label: string | null;
}

export interface OwnerRoute {
  origin: Origin;
  /** From the origin down to the node asked for. */
  steps: OwnerStep[];
  cost: number;
  /** How many nodes were looked at to find it. */
  visited: number;
}

const NO_PROMPTS: ReadonlySet<number> = new Set();

/**
 * The cheapest way down to a node, searched from the node upwards (Dijkstra over the retainers): it
 * looks at what is near the node and not at the million records beside it.
 * Null when nothing retains the node.
 *
 * @param prompts what holds the node because somebody looks at it: see `promptNodes`.
 */
export function searchOwner(
  heap: Heap,
  target: number,
  prompts: ReadonlySet<number> = NO_PROMPTS,
): OwnerRoute | null {
  const { graph, retainers } = heap;
  const { nest } = heap.landmarks;
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
    const beginning = originAt(heap, node);
    if (beginning !== null && (node !== target || beginning.origin.kind !== 'module')) {
      const total = cost + beginning.cost;
      if (best === null || total < best.cost) best = { cost: total, node, origin: beginning.origin };
      if (beginning.origin.kind === 'root' || beginning.origin.kind === 'global') continue;
    }
    for (const { module, label } of nest.providedBy.get(node) ?? []) {
      reach(module, cost + COSTS.nest, node, -1, label);
    }
    for (const module of nest.importedBy.get(node) ?? []) {
      reach(module, cost + COSTS.nest, node, -1, nest.moduleNames.get(node) ?? null);
    }
    for (let at = retainers.first[node]!; at < retainers.first[node + 1]!; at++) {
      const from = retainers.from[at]!;
      if (done.has(from)) continue;
      const through =
        cost +
        nodeCost(graph, from) +
        (nest.moduleNames.has(from) ? COSTS.nestBooks : 0) +
        (prompts.has(from) ? COSTS.prompt : 0);
      if (through >= (found.get(from)?.cost ?? Infinity)) continue;
      const { edge, price } = edges.cheapest(from, node);
      if (edge >= 0 && price < Infinity) reach(from, through + price, node, edge, null);
    }
  }
  if (best === null) return null;
  const steps: OwnerStep[] = [];
  for (let at = found.get(best.node)!; at.step !== null; at = found.get(at.step.to)!) steps.push(at.step);
  return { origin: best.origin, steps, cost: best.cost, visited: done.size };
}

function originAt(heap: Heap, node: number): { origin: Origin; cost: number } | null {
  const { nest, globals, processes } = heap.landmarks;
  if (heap.graph.typeOf(node) === 'synthetic') return { origin: { kind: 'root', node }, cost: BEGIN.root };
  if (nest.moduleNames.has(node)) {
    const imported = nest.importedBy.has(node);
    return { origin: { kind: 'nest', module: node }, cost: imported ? BEGIN.nestImported : BEGIN.nestRoot };
  }
  if (isModuleScope(heap, node)) {
    const script = scriptOfScope(heap, node);
    return { origin: { kind: 'module', scope: node, script }, cost: moduleCost(script) };
  }
  if (globals.has(node) || processes.has(node))
    return { origin: { kind: 'global', object: node }, cost: BEGIN.global };
  const closure = suspendedFunction(heap.graph, node);
  const script = closure < 0 ? null : scriptOfClosure(heap, closure);
  if (script === null) return null;
  return { origin: { kind: 'function', closure, script }, cost: moduleCost(script) + BEGIN.suspended };
}

function moduleCost(script: string | null): number {
  if (script === null) return BEGIN.unknownModule;
  if (isOwnFile(script)) return BEGIN.ownModule;
  return isNodeFile(script) ? BEGIN.nodeInternal : BEGIN.dependency;
}
