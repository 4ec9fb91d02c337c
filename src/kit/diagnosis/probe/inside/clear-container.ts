import type { UtilTypes } from './reflect.js';

/**
 * Removes all entries of a container. Where its owner has a method `clear`, that is called instead: a cache knows
 * what belongs to its entries.
 *
 * @returns how many entries there were; 0 where the owner cleared it
 */
export function clearContainer(types: UtilTypes, container: object, owner: object | undefined): number {
  const clear: unknown = owner && !types.isProxy(owner) ? Reflect.get(owner, 'clear') : undefined;
  if (typeof clear === 'function' && !types.isMap(owner) && !types.isSet(owner)) {
    Reflect.apply(clear, owner, []);
    return 0;
  }
  if (types.isMap(container) || types.isSet(container)) {
    const { size } = container;
    container.clear();
    return size;
  }
  if (Array.isArray(container)) {
    const { length } = container;
    container.length = 0;
    return length;
  }
  const keys = Reflect.ownKeys(container);
  for (const key of keys) Reflect.deleteProperty(container, key);
  return keys.length;
}
