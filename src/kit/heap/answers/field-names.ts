import { eachSlot } from '../collections/slots.js';
import { HeapGraph } from '../graph/heap-graph.js';
import { isScopeName } from '../path/scopes.js';

/** The store of an object that V8 uses as a dictionary. */
const DICTIONARY = '(object properties)';

/**
 * The names of an object's own properties, or of the variables of a scope. Those of numbers are among them: a number has
 * no edge in a snapshot, but its name is in the shape of the object. Objects of one constructor share a list of names, so
 * that a few may be of properties that others have.
 */
export function fieldNames(graph: HeapGraph, node: number): Set<string> {
  const names = new Set<string>();
  const [property, context] = [graph.edgeType('property'), graph.edgeType('context')];
  for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
    const kind = graph.edgeKinds[edge];
    if (kind === property || kind === context) names.add(graph.edgeName(edge));
  }
  for (const name of isScopeName(graph.nameOf(node)) ? variablesOf(graph, node) : numbersOf(graph, node))
    names.add(name);
  names.delete('__proto__');
  return names;
}

/** The names in the shape of an object, or among the keys of its dictionary. */
function numbersOf(graph: HeapGraph, node: number): string[] {
  const names: string[] = [];
  const shape = graph.follow(node, 'internal', 'map');
  const descriptors = shape < 0 ? -1 : graph.follow(shape, 'internal', 'descriptors');
  const store = graph.follow(node, 'internal', 'properties');
  const isDictionary = store >= 0 && graph.nameOf(store) === DICTIONARY;
  for (const list of [descriptors, isDictionary ? store : -1]) {
    if (list < 0) continue;
    eachSlot(graph, list, 'internal', (_, target) => {
      // The name of a private field is that of a symbol.
      const name = graph.typeOf(target) === 'string' ? target : graph.follow(target, 'internal', 'name');
      if (name >= 0) names.push(graph.nameOf(name));
    });
  }
  return names;
}

function variablesOf(graph: HeapGraph, scope: number): string[] {
  const info = graph.follow(scope, 'internal', 'scope_info');
  const names: string[] = [];
  if (info < 0) return names;
  for (let edge = graph.edgeStart(info); edge < graph.edgeEnd(info); edge++) {
    const to = graph.targetOf(edge);
    if (graph.edgeTypeOf(edge) === 'hidden' && graph.typeOf(to) === 'string') names.push(graph.nameOf(to));
  }
  return names;
}
