import { Heap } from '../heap.js';
import { scriptOfClass } from '../path/scopes.js';
import { packageOf } from '../path/script-name.js';

/** What is said of a node wherever one is mentioned. */
export interface NodeFacts {
  node: number;
  /** V8's id, shown as `@id`; the same object has the same in a later snapshot. */
  id: number;
  type: string;
  className: string;
  shallowBytes: number;
  retainedBytes: number;
}

const MAX_STRING = 60;

export function factsOf(heap: Heap, node: number): NodeFacts {
  const { graph } = heap;
  return {
    node,
    id: graph.ids[node]!,
    type: graph.typeOf(node),
    className: labelOf(heap, node),
    shallowBytes: heap.shallowSizes[node]!,
    retainedBytes: heap.retainedSizes[node]!,
  };
}

/** The class of an object, the name of a function, the beginning of a string. */
export function labelOf(heap: Heap, node: number): string {
  const { graph } = heap;
  const name = graph.nameOf(node);
  switch (graph.typeOf(node)) {
    case 'string':
      return JSON.stringify(name.length > MAX_STRING ? `${name.slice(0, MAX_STRING - 1)}…` : name);
    case 'closure':
      return name === '' ? '(anonymous)()' : `${name}()`;
    case 'synthetic':
      return name === '' ? '(root)' : name;
    default:
      return name === '' ? `(${graph.typeOf(node)})` : name;
  }
}

/** Minifiers leave names of a letter or two. */
const MINIFIED = /^[\w$]{1,2}$/;

/**
 * The class of an object. A package may be minified: lru-cache's class is called `d`, and its instances tell the
 * real name by a tag of their own; of others, the package is told.
 */
export function classOf(heap: Heap, node: number): string {
  const { graph } = heap;
  const tag = graph.follow(node, 'property', '<symbol Symbol.toStringTag>');
  if (tag >= 0 && graph.typeOf(tag) === 'string') return graph.nameOf(tag);
  const name = graph.nameOf(node);
  const script = MINIFIED.test(name) ? scriptOfClass(heap, node) : null;
  const inPackage = script === null ? null : packageOf(script);
  return inPackage === null ? name : `${name} of ${inPackage}`;
}
