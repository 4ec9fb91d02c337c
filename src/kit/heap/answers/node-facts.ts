import { Heap } from '../heap.js';
import { scriptOfClass } from '../path/scopes.js';
import { packageOf } from '../path/script-name.js';

/** The facts of a node that every result about it has. */
export interface NodeFacts {
  node: number;
  /** V8's id, printed as `@id`. An object has the same one in a later snapshot. */
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
    id: graph.idOf(node),
    type: graph.typeOf(node),
    className: labelOf(heap, node),
    shallowBytes: heap.shallowBytesOf(node),
    retainedBytes: heap.retainedBytesOf(node),
  };
}

/** What a node is called: the class of an object, the name of a function, the first characters of a string. */
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

/** Minifiers shorten names to one or two letters. */
const MINIFIED = /^[\w$]{1,2}$/;

/**
 * The class of an object. Where a package is minified, its classes have names such as `d` (lru-cache). The real name is
 * then taken from `Symbol.toStringTag`, and without one the name of the package is added. V8 names a string by its
 * content, which is data of the program: its class is `string`.
 */
export function classOf(heap: Heap, node: number): string {
  const { graph } = heap;
  if (graph.typeOf(node).endsWith('string')) return 'string';
  const tag = graph.follow(node, 'property', '<symbol Symbol.toStringTag>');
  if (tag >= 0 && graph.typeOf(tag) === 'string') return graph.nameOf(tag);
  const name = graph.nameOf(node);
  const script = MINIFIED.test(name) ? scriptOfClass(heap, node) : null;
  const inPackage = script === null ? null : packageOf(script);
  return inPackage === null ? name : `${name} of ${inPackage}`;
}
