import { types } from 'node:util';
import { heldBy } from './own-objects.js';

/**
 * Objects without a prototype, such as dictionaries made by `Object.create(null)`: V8 finds live objects by what they
 * inherit from, and these inherit nothing. They are found where another object holds them in a property or an entry.
 *
 * @param seen those that were found before; what is found is added.
 */
export function bareObjectsIn(holder: object, seen: Set<object>): object[] {
  const found: object[] = [];
  const holders = [holder];
  for (const one of holders) {
    for (const held of heldBy(one)) {
      if (typeof held !== 'object' || held === null || types.isProxy(held)) continue;
      if (Object.getPrototypeOf(held) !== null || seen.has(held)) continue;
      seen.add(held);
      found.push(held);
      holders.push(held);
    }
  }
  return found;
}
