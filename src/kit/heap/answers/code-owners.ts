import type { EdgeTypeName, HeapGraph } from '../graph/heap-graph.js';
import type { Heap } from '../heap.js';
import { isScopeName, scriptOfClass, scriptOfClosure, scriptOfScope } from '../path/scopes.js';
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
  const numberOf = (script: string | null): number => {
    if (script === null) return 0;
    const name = by === 'file' ? script : ownerOf(script);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, names.length);
    return names.push(name) - 1;
  };
  const scripts = scriptFinder(heap);
  const of = new Uint32Array(graph.nodeCount);
  const { order } = heap.dominators;
  for (let at = 1; at < order.length; at++) {
    const node = order[at]!;
    of[node] = numberOf(scripts(node)) || of[heap.dominatorOf(node)]!;
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

/** Finds the script of a node. The instances of one class, and the closures of one function, are asked for once. */
function scriptFinder(heap: Heap): (node: number) => string | null {
  const { graph } = heap;
  const closure = graph.nodeType('closure');
  const object = graph.nodeType('object');
  const isScopeNamed = scopeNames(heap);
  const prototypeOf = follower(graph, 'property', '__proto__');
  const sharedOf = follower(graph, 'internal', 'shared');
  const byPrototype = new Map<number, string | null>();
  const byFunction = new Map<number, string | null>();
  return (node) => {
    const type = graph.types[node];
    if (type === closure) return cached(byFunction, sharedOf(node), () => scriptOfClosure(heap, node));
    if (type !== object) return null;
    if (isScopeNamed(node)) return scriptOfScope(heap, node);
    return cached(byPrototype, prototypeOf(node), () => exceptNode(scriptOfClass(heap, node)));
  };
}

function cached(known: Map<number, string | null>, key: number, find: () => string | null): string | null {
  if (key < 0) return null;
  let script = known.get(key);
  if (script === undefined) known.set(key, (script = find()));
  return script;
}

/** Whether the name of a node is that of a scope. Names are numbers: each is read once. */
function scopeNames({ graph }: Heap): (node: number) => boolean {
  const known = new Map<number, boolean>();
  return (node) => {
    const name = graph.names[node] ?? 0;
    let is = known.get(name);
    if (is === undefined) known.set(name, (is = isScopeName(graph.nameOf(node))));
    return is;
  };
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
