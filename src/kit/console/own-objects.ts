import { types } from 'node:util';

/** The console itself never has so many objects: what is reached beyond belongs to the program. */
const MOST_OBJECTS = 50_000;

/**
 * The console's own objects: everything that its roots reference, down to Node's sockets and streams, but not the
 * objects of the program.
 *
 * @param program objects not to enter: the application, and the clients' global objects
 */
export function ownObjects(roots: Iterable<object>, program: Iterable<unknown>): Set<object> {
  const own = new Set<object>(roots);
  const foreign = new Set<unknown>([globalThis, process, ...program]);
  for (const object of own) {
    if (own.size > MOST_OBJECTS) break;
    for (const value of referencesOf(object)) {
      // Functions and prototypes belong to code, which outlives the console.
      if (typeof value !== 'object' || value === null || foreign.has(value) || isPrototype(value)) continue;
      own.add(value);
    }
  }
  return own;
}

/** What an object references in properties and entries. It calls no getter. */
export function* referencesOf(object: object): Iterable<unknown> {
  // Reading an export of a module that is not evaluated yet throws.
  if (types.isProxy(object) || ArrayBuffer.isView(object) || types.isModuleNamespaceObject(object)) return;
  for (const key of Reflect.ownKeys(object)) yield Object.getOwnPropertyDescriptor(object, key)?.value;
  if (types.isMap(object)) for (const [key, value] of object) yield* [key, value];
  if (types.isSet(object)) yield* object;
}

export function isPrototype(object: object): boolean {
  if (types.isProxy(object)) return false;
  const constructor: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return typeof constructor === 'function' && constructor.prototype === object;
}
