import { types } from 'node:util';

/** More than the console itself ever has: what is reached beyond is the program's. */
const MOST = 50_000;

/**
 * What the console keeps for itself: all that its own objects hold, down to sockets and streams of Node. It stops
 * where the program begins.
 *
 * @param program objects not to enter: the application, the scopes of the clients.
 */
export function ownObjects(roots: Iterable<object>, program: Iterable<unknown>): Set<object> {
  const own = new Set<object>(roots);
  const foreign = new Set<unknown>([globalThis, process, ...program]);
  for (const object of own) {
    if (own.size > MOST) break;
    for (const held of heldBy(object)) {
      // A function is code, a prototype its class's: both outlive the console.
      if (typeof held !== 'object' || held === null || foreign.has(held) || isPrototype(held)) continue;
      own.add(held);
    }
  }
  return own;
}

/** What an object holds in properties and entries. It calls no getter. */
export function* heldBy(object: object): Iterable<unknown> {
  // Of a module's namespace, what is not there yet cannot even be asked for.
  if (types.isProxy(object) || ArrayBuffer.isView(object) || types.isModuleNamespaceObject(object)) return;
  for (const key of Reflect.ownKeys(object)) yield Object.getOwnPropertyDescriptor(object, key)?.value;
  if (types.isMap(object)) for (const [key, value] of object) yield* [key, value];
  if (types.isSet(object)) yield* object;
}

export function isPrototype(object: object): boolean {
  if (types.isProxy(object)) return false;
  const made: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return typeof made === 'function' && made.prototype === object;
}
