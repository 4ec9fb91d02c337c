import { Heap } from '../heap.js';
import { suspendedFunction } from './suspended.js';

/** Newer V8s add to the name which scope it is. */
const SCOPE = /^system \/ Context(?: \/|$)/;
const NATIVE_SCOPE = /^system \/ (?:.* )?NativeContext\b/;

/** The variables that closures share: V8 calls them a context. */
export function isScopeName(className: string): boolean {
  return SCOPE.test(className);
}

export function isScope(heap: Heap, node: number): boolean {
  return heap.graph.typeOf(node) === 'object' && isScopeName(heap.graph.nameOf(node));
}

/** V8's own scope, which a context has around all others. */
export function isNativeScope(heap: Heap, node: number): boolean {
  return NATIVE_SCOPE.test(heap.graph.nameOf(node));
}

/**
 * True for the outermost scope of a module or script: the one around it is V8's own. So is that around the scopes in
 * which V8 keeps a function that waits, for those that wake it.
 */
export function isModuleScope(heap: Heap, node: number): boolean {
  if (!isScope(heap, node)) return false;
  const { graph } = heap;
  const around = graph.follow(node, 'internal', 'previous');
  if (around < 0 || !isNativeScope(heap, around)) return false;
  const extension = graph.follow(node, 'internal', 'extension');
  return extension < 0 || suspendedFunction(graph, extension) < 0;
}

/** The file that a function was written in, as V8 names it (a path or URL); null when it has none. */
export function scriptOfClosure(heap: Heap, closure: number): string | null {
  const { graph } = heap;
  const shared = graph.follow(closure, 'internal', 'shared');
  if (shared < 0) return null;
  // Node 20 says script_or_debug_info, later ones script.
  let script = graph.follow(shared, 'internal', 'script');
  if (script < 0) script = graph.follow(shared, 'internal', 'script_or_debug_info');
  if (script < 0) return null;
  const name = graph.follow(script, 'internal', 'name');
  return name < 0 ? null : graph.nameOf(name) || null;
}

/** The file in which the class of an instance, or a function, was written; null when V8 does not show it. */
export function scriptOfClass(heap: Heap, node: number): string | null {
  const { graph } = heap;
  if (graph.typeOf(node) === 'closure') return scriptOfClosure(heap, node);
  const prototype = graph.follow(node, 'property', '__proto__');
  const constructor = prototype < 0 ? -1 : graph.follow(prototype, 'property', 'constructor');
  return constructor < 0 ? null : scriptOfClosure(heap, constructor);
}

/** How many of a scope's functions to ask for its file. Each of them knows it. */
const CLOSURES_ASKED = 16;

/** The file that a scope belongs to, by the functions that were made in it or in scopes inside it. */
export function scriptOfScope(heap: Heap, scope: number): string | null {
  const { graph, retainers } = heap;
  const pending = [scope];
  const seen = new Set(pending);
  let asked = 0;
  for (let at = 0; at < pending.length && asked < CLOSURES_ASKED; at++) {
    const node = pending[at]!;
    for (let r = retainers.first[node]!; r < retainers.first[node + 1]! && asked < CLOSURES_ASKED; r++) {
      const from = retainers.from[r]!;
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
