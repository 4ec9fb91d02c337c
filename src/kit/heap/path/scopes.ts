import type { HeapGraph } from '../graph/heap-graph.js';
import { Heap } from '../heap.js';
import { suspendedFunction } from './suspended.js';

/** Newer versions of V8 append the kind of scope to the name. */
const SCOPE = /^system \/ Context(?: \/|$)/;
const NATIVE_SCOPE = /^system \/ (?:.* )?NativeContext\b/;

/** Whether a class is that of a scope, the variables that closures share. V8 calls it a context. */
export function isScopeName(className: string): boolean {
  return SCOPE.test(className);
}

/** By the number of the name: a heap has a few names of scopes, and may have a million scopes. */
const scopeNames = new WeakMap<HeapGraph, Map<number, boolean>>();

export function isScope({ graph }: Heap, node: number): boolean {
  if (graph.typeOf(node) !== 'object') return false;
  let known = scopeNames.get(graph);
  if (known === undefined) scopeNames.set(graph, (known = new Map<number, boolean>()));
  const name = graph.names[node]!;
  let is = known.get(name);
  if (is === undefined) known.set(name, (is = isScopeName(graph.nameOf(node))));
  return is;
}

/** V8's own outermost scope, which encloses all others. */
export function isNativeScope(heap: Heap, node: number): boolean {
  return NATIVE_SCOPE.test(heap.graph.nameOf(node));
}

/**
 * Whether a node is the outermost scope of a module or script, which V8's own scope encloses. V8's own scope also encloses
 * the scopes that refer to a suspended function on behalf of what resumes it; those are none.
 */
export function isModuleScope(heap: Heap, node: number): boolean {
  if (!isScope(heap, node)) return false;
  const { graph } = heap;
  const enclosing = graph.follow(node, 'internal', 'previous');
  if (enclosing < 0 || !isNativeScope(heap, enclosing)) return false;
  const extension = graph.follow(node, 'internal', 'extension');
  return extension < 0 || suspendedFunction(graph, extension) < 0;
}

/** The file of a function, as V8 names it (a path or a URL); null without one. */
export function scriptOfClosure(heap: Heap, closure: number): string | null {
  const { graph } = heap;
  const shared = graph.follow(closure, 'internal', 'shared');
  if (shared < 0) return null;
  // Node 20 calls the edge `script_or_debug_info`, later versions `script`.
  let script = graph.follow(shared, 'internal', 'script');
  if (script < 0) script = graph.follow(shared, 'internal', 'script_or_debug_info');
  if (script < 0) return null;
  const name = graph.follow(script, 'internal', 'name');
  return name < 0 ? null : graph.nameOf(name) || null;
}

/** The file of a function, or of the class of an instance; null where V8 does not give it. */
export function scriptOfClass(heap: Heap, node: number): string | null {
  const { graph } = heap;
  if (graph.typeOf(node) === 'closure') return scriptOfClosure(heap, node);
  const prototype = graph.follow(node, 'property', '__proto__');
  const constructor = prototype < 0 ? -1 : graph.follow(prototype, 'property', 'constructor');
  return constructor < 0 ? null : scriptOfClosure(heap, constructor);
}

/** How many functions of a scope are asked for the file. All are of one file, but V8 may not give it for each. */
const CLOSURES_ASKED = 16;

/** The file of a scope, by the functions that were created in it or in scopes inside it; null without any. */
export function scriptOfScope(heap: Heap, scope: number): string | null {
  const { graph } = heap;
  const pending = [scope];
  const seen = new Set(pending);
  let asked = 0;
  for (const node of pending) {
    for (const from of heap.retainersOf(node)) {
      if (asked === CLOSURES_ASKED) return null;
      if (graph.typeOf(from) === 'closure' && graph.follow(from, 'internal', 'context') === node) {
        asked++;
        const script = scriptOfClosure(heap, from);
        if (script !== null) return script;
      } else if (isScope(heap, from) && !seen.has(from)) {
        seen.add(from);
        pending.push(from);
      }
    }
  }
  return null;
}
