import { Heap } from '../heap.js';
import { isNativeScope, isScope } from './scopes.js';

/**
 * The nodes of consoles in the process: their global objects and the scopes of what was typed there. A person who
 * inspects an object at a console retains it too, and is not the owner in question.
 *
 * @param globals V8's ids of the consoles' global objects, of their proxies, and of objects that store results for them
 */
export function findPromptNodes(heap: Heap, globals: readonly number[]): ReadonlySet<number> {
  const { graph } = heap;
  const nodes = new Set(globals.map((id) => graph.findById(id)).filter((node) => node >= 0));
  const contexts = [...nodes].flatMap((node) =>
    Array.from(heap.retainersOf(node)).filter(
      (from) => isNativeScope(heap, from) && graph.follow(from, 'internal', 'global_proxy_object') === node,
    ),
  );
  for (const context of contexts) {
    nodes.add(context);
    // Node 20 calls it `extension`.
    for (const name of ['global_object', 'extension']) add(nodes, graph.follow(context, 'internal', name));
    for (const from of heap.retainersOf(context)) {
      if (isScope(heap, from) && graph.follow(from, 'internal', 'previous') === context) nodes.add(from);
    }
  }
  for (const node of nodes) add(nodes, graph.follow(node, 'internal', 'properties'));
  return nodes;
}

function add(nodes: Set<number>, node: number): void {
  if (node >= 0) nodes.add(node);
}
