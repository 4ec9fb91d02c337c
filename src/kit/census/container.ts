import { types } from 'node:util';

/** Something that holds other things, and how many. */
export interface Counted {
  /** `Map`, `Set`, `Array`, `Object` (used as a dictionary), or the name of a class such as `LRUCache`. */
  type: string;
  entries: number;
}

/** Counts the keys of an object. V8 lists them for it: a million keys take some 0.3 s. */
export type CountKeys = (dictionary: object) => number;

export const countKeys: CountKeys = (dictionary) => Object.keys(dictionary).length;

/** An object literal with fewer keys is a record: options, a point, a handful of services. */
const FEWEST_KEYS = 32;

/**
 * What an object holds, or null for one that is no container.
 *
 * Getters may do anything, so none is called but those of things that say they are containers: what has the methods
 * of a Map or a Set is asked for its `size`.
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

/** Made by a literal, `Object.create(null)` or `JSON.parse`: no class has a say in it. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Maps, Sets, and the caches that are used like them. */
function isMapLike(value: object): value is { size: unknown } {
  const has = (name: string): boolean => typeof inherited(value, name)?.value === 'function';
  return has('has') && has('delete') && inherited(value, 'size') !== undefined;
}

/** A package may be minified: lru-cache's class is called `d`, and its instances tell the real name. */
function typeOf(container: object): string {
  const tag: unknown = Object.getOwnPropertyDescriptor(container, Symbol.toStringTag)?.value;
  return typeof tag === 'string' && tag ? tag : classOf(container)?.name || 'Object';
}

/** Undefined where it is no count: a method, or a getter that throws. */
function sizeOf(value: { size: unknown }): number | undefined {
  try {
    return typeof value.size === 'number' && value.size >= 0 ? value.size : undefined;
  } catch {
    return undefined;
  }
}

/** The descriptor of a property, wherever on the way up it is. */
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
