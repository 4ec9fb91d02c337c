import { types } from 'node:util';
import { referencesOf } from './own-objects.js';

/**
 * The objects without a prototype that an object references, directly or through each other: dictionaries made by
 * `Object.create(null)`. V8 finds live objects by their prototypes, so it cannot find these.
 *
 * @param seen objects that were found before; those found now are added
 */
export function bareObjectsIn(root: object, seen: Set<object>): object[] {
  const found: object[] = [];
  const queue = [root];
  for (const one of queue) {
    for (const value of referencesOf(one)) {
      if (typeof value !== 'object' || value === null || types.isProxy(value)) continue;
      if (Object.getPrototypeOf(value) !== null || seen.has(value)) continue;
      seen.add(value);
      found.push(value);
      queue.push(value);
    }
  }
  return found;
}
