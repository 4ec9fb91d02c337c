import { types } from 'node:util';
import { classOf, counted, countKeys, type CountKeys } from './container.js';
import { type DeclaredBound, declaredBoundOf } from './declared-bound.js';
import { isBareValue, modulesIn, type NestModules, ownersIn, UNCOUNTED } from './nest-providers.js';

/** A container in a property of a Nest provider or controller. */
export interface CensusEntry {
  /** Owner and property, such as `UsersModule › LeakyUserCache.users`. Unique within a census. */
  name: string;
  /** The provider or controller, with its module, such as `UsersModule › LeakyUserCache`. */
  owner: string;
  /**
   * The property: `users`, `[Symbol(users)]`, or `store.items` one level down. Empty if the provider itself is the
   * container.
   */
  property: string;
  /** `Map`, `Set`, `Array`, `Object` (a dictionary), or the name of its class. */
  type: string;
  entries: number;
  bound: DeclaredBound | null;
  /** The live object. A reference to the census entry keeps it from being collected. */
  container: object;
}

/**
 * The containers in properties of a Nest application's providers and controllers, with static properties and those of
 * plain helper objects. It takes microseconds, whatever the number of entries. It does not find `#private` fields and
 * variables of modules and closures.
 *
 * No getter is called, except `size` of Map-like objects (see `counted`).
 *
 * @param source Nest's `ModulesContainer`, or an application
 * @param keysOf counts the keys of dictionaries, the only part whose time grows with the number of entries
 * @throws TypeError if the source is neither
 */
export function censusOf(source: NestModules | object, keysOf: CountKeys = countKeys): CensusEntry[] {
  const owners = ownersIn(modulesIn(source));
  const instances = new Set(owners.map(({ object }) => object));
  const entries: CensusEntry[] = [];
  const seen = new Set<object>();
  const names = new Map<string, number>();
  const add = (owner: string, property: string, container: object, declarer?: object): boolean => {
    const count = counted(container, keysOf);
    if (!count) return false;
    if (seen.has(container)) return true;
    seen.add(container);
    const name = unique(join(owner, property), names);
    entries.push({ name, owner, property, ...count, bound: declaredBoundOf(container, declarer), container });
    return true;
  };

  for (const { name: owner, object } of owners) {
    const before = entries.length;
    const properties = isBareValue(object) ? [] : dataProperties(object);
    const declarer = hasOneContainer(properties) ? object : undefined;
    for (const [property, value] of properties) {
      if (instances.has(value) || add(owner, property, value, declarer) || !isHelper(value)) continue;
      const inner = dataProperties(value);
      const innerDeclarer = hasOneContainer(inner) ? value : undefined;
      for (const [name, container] of inner) {
        if (!instances.has(container)) add(owner, join(property, name), container, innerDeclarer);
      }
    }
    // The provider may itself be a container, such as a Map given by `useValue`. If it wraps one, the property names it.
    if (entries.length === before) add(owner, '', object);
  }
  return entries;
}

/** Own properties whose value is an object, symbols included. They are read from descriptors: no getter is called. */
function dataProperties(instance: object): [name: string, value: object][] {
  return Reflect.ownKeys(instance).flatMap((key): [string, object][] => {
    const value: unknown = Object.getOwnPropertyDescriptor(instance, key)?.value;
    if (typeof value !== 'object' || value === null || key === 'prototype') return [];
    return [[typeof key === 'symbol' ? `[${String(key)}]` : key, value]];
  });
}

/** An owner can declare the bound of its container only if it has one: with two, `max` could mean either. */
function hasOneContainer(properties: [string, object][]): boolean {
  return properties.filter(([, value]) => counted(value, () => 0) !== null).length === 1;
}

/** An object of the program, whose properties are read as well. Objects of Node and V8 would lead anywhere. */
function isHelper(value: object): boolean {
  if (types.isProxy(value) || ArrayBuffer.isView(value) || Symbol.toStringTag in value) return false;
  return !(UNCOUNTED in (classOf(value) ?? {}));
}

function join(owner: string, property: string): string {
  return property === '' || property.startsWith('[') ? owner + property : `${owner}.${property}`;
}

function unique(name: string, names: Map<string, number>): string {
  const times = (names.get(name) ?? 0) + 1;
  names.set(name, times);
  return times === 1 ? name : `${name} (${times})`;
}
