import type { types as utilTypes } from 'node:util';

/** Empties a container. @returns how many entries it had. */
export type Empty = (container: object, holder: object | undefined) => number;

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeEmpty(types: typeof utilTypes): Empty {
  return (container, holder) => {
    const own: unknown = holder && !types.isProxy(holder) ? (holder as { clear?: unknown }).clear : undefined;
    if (typeof own === 'function' && !types.isMap(holder) && !types.isSet(holder)) {
      // A cache knows best what belongs to its entries.
      Reflect.apply(own, holder, []);
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
  };
}
