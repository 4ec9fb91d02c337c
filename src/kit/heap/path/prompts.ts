import { Heap } from '../heap.js';
import { isNativeScope, isScope } from './scopes.js';

/**
 * What a person keeps at a prompt: the scopes of what was typed there. Who looks at an object holds it as well, and is
 * not whom the question is about.
 *
 * @param globals V8's ids of the prompts' global objects, of what stands for them, and of what remembers for them.
 */
export function promptNodes(heap: Heap, globals: readonly number[]): ReadonlySet<number> {
  const { graph, retainers } = heap;
  const nodes = new Set(globals.map((id) => graph.findById(id)).filter((node) => node >= 0));
  const retainersOf = (node: number): readonly number[] =>
    Array.from(retainers.from.subarray(retainers.first[node], retainers.first[node + 1]));
  const contexts = [...nodes].flatMap((node) =>
    retainersOf(node).filter(
      (from) => isNativeScope(heap, from) && graph.follow(from, 'internal', 'global_proxy_object') === node,
    ),
  );
  for (const context of contexts) {
    nodes.add(context);
    // What Node 20 calls an extension.
    for (const name of ['global_object', 'extension']) add(nodes, graph.follow(context, 'internal', name));
    for (const from of retainersOf(context)) {
      if (isScope(heap, from) && graph.follow(from, 'internal', 'previous') === context) nodes.add(from);
    }
  }
  for (const node of nodes) add(nodes, graph.follow(node, 'internal', 'properties'));
  return nodes;
}

function add(nodes: Set<number>, node: number): void {
  if (node >= 0) nodes.add(node);
}
