import type { EdgeTypeName, HeapGraph } from '../graph/heap-graph.js';
import type { Heap } from '../heap.js';
import { isScope, scriptOfClass, scriptOfClosure, scriptOfScope } from '../path/scopes.js';
import { isNodeFile, packageOf } from '../path/script-name.js';
import type { Groups } from './group-sizes.js';

/** The name of what belongs to no file: data that the global object or V8 retains. */
export const NO_CODE = '(no code)';
export const OWN_CODE = '(your code)';
export const NODE_CODE = '(node)';

export interface CodeOwners extends Groups {
  name(group: number): string;
}

/**
 * Assigns every node to the file, or to the package, whose code has it: that of a function, of a class or of the
 * variables of a scope. What is none of them, such as a string, belongs to the nearest node above it in the dominator
 * tree that does. Every byte is counted once, so that the sizes add up to the heap.
 */
export function codeOwners(heap: Heap, by: 'file' | 'package'): CodeOwners {
  const { graph } = heap;
  const names: string[] = [NO_CODE];
  const numbers = new Map<string, number>([[NO_CODE, 0]]);
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, names.length);
    return names.push(name) - 1;
  };
  const groupOf = groupFinder(heap, (script) =>
    script === null ? 0 : numberOf(by === 'file' ? script : ownerOf(script)),
  );
  const of = new Uint32Array(graph.nodeCount);
  const { order, of: above } = heap.dominators;
  for (let at = 1; at < order.length; at++) {
    const node = order[at]!;
    of[node] = groupOf(node) || of[above[node]!]!;
  }
  return {
    get count() {
      return names.length;
    },
    of: (node) => of[node]!,
    name: (group) => names[group]!,
  };
}

function ownerOf(script: string): string {
  if (isNodeFile(script)) return NODE_CODE;
  return packageOf(script) ?? OWN_CODE;
}

/** An instance of a class of Node, such as a Buffer, belongs to the code that has it. */
function exceptNode(script: string | null): string | null {
  return script !== null && isNodeFile(script) ? null : script;
}

/** Finds the group of a node by its script. The instances of one class, and the closures and scopes of one function, are asked for once. */
function groupFinder(heap: Heap, numberOf: (script: string | null) => number): (node: number) => number {
  const { graph } = heap;
  const closure = graph.nodeType('closure');
  const object = graph.nodeType('object');
  const prototypeOf = follower(graph, 'property', '__proto__');
  const sharedOf = follower(graph, 'internal', 'shared');
  const scopeInfoOf = follower(graph, 'internal', 'scope_info');
  const byScope = new Map<number, number>();
  const byPrototype = new Map<number, number>();
  const byFunction = new Map<number, number>();
  const ofScope = (scope: number): number => {
    const info = scopeInfoOf(scope);
    // A scope without closures does not tell, but another one of the same function may.
    const group = byScope.get(info) || numberOf(scriptOfScope(heap, scope));
    if (info >= 0) byScope.set(info, group);
    return group;
  };
  return (node) => {
    const type = graph.types[node];
    if (type === closure)
      return cached(byFunction, sharedOf(node), () => numberOf(scriptOfClosure(heap, node)));
    if (type !== object) return 0;
    if (isScope(heap, node)) return ofScope(node);
    return cached(byPrototype, prototypeOf(node), () => numberOf(exceptNode(scriptOfClass(heap, node))));
  };
}

function cached(known: Map<number, number>, key: number, find: () => number): number {
  if (key < 0) return 0;
  let group = known.get(key);
  if (group === undefined) known.set(key, (group = find()));
  return group;
}

/** `graph.follow` for many nodes, with the names looked up once. */
function follower(graph: HeapGraph, type: EdgeTypeName, name: string): (node: number) => number {
  const { firstEdge, edgeKinds, edgeNames, edgeTo } = graph;
  const kind = graph.edgeType(type);
  const wanted = graph.strings.indexOf(name);
  return (node) => {
    const end = firstEdge[node + 1] ?? 0;
    for (let edge = firstEdge[node] ?? 0; edge < end; edge++) {
      if (edgeNames[edge] === wanted && edgeKinds[edge] === kind) return edgeTo[edge] ?? -1;
    }
    return -1;
  };
}
