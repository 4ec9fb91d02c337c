import { types } from 'node:util';

/** A container, by its type and its number of entries. */
export interface Counted {
  /** `Map`, `Set`, `Array`, `Object` (used as a dictionary), or the name of a class such as `LRUCache`. */
  type: string;
  entries: number;
}

/** Counts the keys of an object. V8 has to list them: a million keys take about 0.3 s. */
export type CountKeys = (dictionary: object) => number;

export const countKeys: CountKeys = (dictionary) => Object.keys(dictionary).length;

/** A plain object with fewer keys is a record (options, a point), not a dictionary. */
const FEWEST_KEYS = 32;

/**
 * Type and number of entries of a container; null if the value is not one.
 *
 * A getter may have side effects. Only `size` is read, and only of objects that have the methods of a Map or a Set.
 */
export function counted(value: unknown, keysOf: CountKeys = countKeys): Counted | null {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return null;
  if (Array.isArray(value)) return { type: 'Array', entries: value.length };
  if (isMapLike(value)) {
    const entries = sizeOf(value);
    return entries === undefined ? null : { type: typeOf(value), entries };
  }
  if (!isPlain(value)) return null;
  const entries = keysOf(value);
  return entries >= FEWEST_KEYS ? { type: 'Object', entries } : null;
}

/** Made by a literal, `Object.create(null)` or `JSON.parse`, not by a class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A Map, a Set, or a cache with the same methods. */
function isMapLike(value: object): value is { size: unknown } {
  const has = (name: string): boolean => typeof inherited(value, name)?.value === 'function';
  return has('has') && has('delete') && inherited(value, 'size') !== undefined;
}

/** The tag comes first, because packages may be minified: lru-cache's class is named `d`, its tag is `LRUCache`. */
function typeOf(container: object): string {
  const tag: unknown = Object.getOwnPropertyDescriptor(container, Symbol.toStringTag)?.value;
  return typeof tag === 'string' && tag ? tag : classOf(container)?.name || 'Object';
}

/** Undefined if `size` is not a count: a method, or a getter that throws. */
function sizeOf(value: { size: unknown }): number | undefined {
  try {
    return typeof value.size === 'number' && value.size >= 0 ? value.size : undefined;
  } catch {
    return undefined;
  }
}

/** The descriptor of an own or inherited property. No getter is called. */
export function inherited(value: object, name: string): PropertyDescriptor | undefined {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (types.isProxy(at)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}

export function classOf(value: object): { name: string } | null {
  const constructor: unknown = inherited(value, 'constructor')?.value;
  return typeof constructor === 'function' ? constructor : null;
}
