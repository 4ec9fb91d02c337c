import { types } from 'node:util';
import { classOf, counted, countKeys, isPlain, type CountKeys } from './container.js';
import { type DeclaredBound, declaredBoundOf } from './declared-bound.js';

/** A container that a provider or controller of Nest holds. */
export interface CensusEntry {
  /** The line a person would say aloud, such as `UsersModule › LeakyUserCache.users`. No two entries share one. */
  name: string;
  /** Who holds it, such as `UsersModule › LeakyUserCache`. */
  owner: string;
  /** Where: `users`, `[Symbol(users)]`, or `store.items` one level down. Empty where the provider is the container. */
  property: string;
  /** `Map`, `Set`, `Array`, `Object` (a dictionary), or the name of its class. */
  type: string;
  entries: number;
  bound: DeclaredBound | null;
  /** The live object. Whoever keeps it keeps it alive. */
  container: object;
}

/** As much of Nest's `InstanceWrapper` as is read. */
interface Wrapper {
  name: unknown;
  token?: unknown;
  instance: unknown;
}

interface NestModule {
  name: string;
  providers: ReadonlyMap<unknown, Wrapper>;
  controllers: ReadonlyMap<unknown, Wrapper>;
}

/** Nest's `ModulesContainer`, by its shape: this file works without Nest installed. */
export interface NestModules {
  values(): Iterable<NestModule>;
}

/** A class with `static [UNCOUNTED] = true` is left out: the kit hides itself from its own answers. */
export const UNCOUNTED = Symbol.for('leak-lab.uncounted');

/** Nest's own: what its containers hold is the structure of the program. */
const NEST_MODULES = new Set(['InternalCoreModule']);
const NEST_PROVIDERS = new Set(['ModuleRef', 'ApplicationConfig']);

/**
 * The containers that the providers and controllers of a Nest application hold in properties, static ones and those
 * of plain helper objects included: in microseconds, whatever the number of entries. What it misses: `#private`
 * fields, variables of modules and closures.
 *
 * No getter is called, but of Map-like things (see `counted`).
 *
 * @param source Nest's `ModulesContainer`, or an application
 * @param keysOf counts the keys of dictionaries: the one part that takes longer the more there is
 */
export function censusOf(source: NestModules | object, keysOf: CountKeys = countKeys): CensusEntry[] {
  const holders = holdersIn(modulesIn(source));
  const instances = new Set(holders.map(({ instance }) => instance));
  const entries: CensusEntry[] = [];
  const seen = new Set<object>();
  const names = new Map<string, number>();
  const add = (owner: string, property: string, container: object, holder?: object): boolean => {
    const count = counted(container, keysOf);
    if (!count) return false;
    if (seen.has(container)) return true;
    seen.add(container);
    const name = unique(join(owner, property), names);
    entries.push({ name, owner, property, ...count, bound: declaredBoundOf(container, holder), container });
    return true;
  };

  for (const { owner, instance } of holders) {
    const before = entries.length;
    const properties = isNative(instance) ? [] : dataProperties(instance);
    const holder = soleContainer(properties) ? instance : undefined;
    for (const [property, value] of properties) {
      if (instances.has(value) || add(owner, property, value, holder) || !isHelper(value)) continue;
      const inner = dataProperties(value);
      const innerHolder = soleContainer(inner) ? value : undefined;
      for (const [name, held] of inner) {
        if (!instances.has(held)) add(owner, join(property, name), held, innerHolder);
      }
    }
    // A container of its own, such as a Map given as a value. What wraps one is named by the property inside it.
    if (entries.length === before) add(owner, '', instance);
  }
  return entries;
}

function modulesIn(source: NestModules | object): Iterable<NestModule> {
  if (source instanceof Map) return (source as Map<string, NestModule>).values();
  const { container } = source as { container?: { getModules(): NestModules } };
  if (container) return container.getModules().values();
  throw new TypeError(
    'a census is taken of a Nest application or its ModulesContainer, not of something else',
  );
}

interface Holder {
  owner: string;
  instance: object;
}

/** Everything that Nest made or was given, with its name; and the classes, for their static properties. */
function holdersIn(modules: Iterable<NestModule>): Holder[] {
  const holders = new Map<object, Holder>();
  for (const { name: module, providers, controllers } of modules) {
    if (NEST_MODULES.has(module)) continue;
    for (const { name, token, instance } of [...providers.values(), ...controllers.values()]) {
      if (NEST_PROVIDERS.has(String(name)) || typeof instance !== 'object' || instance === null) continue;
      if (types.isProxy(instance) || holders.has(instance)) continue;
      const type = isNative(instance) ? null : classOf(instance);
      if (type && UNCOUNTED in type) continue;
      holders.set(instance, { owner: `${module} › ${type?.name || tokenName(token ?? name)}`, instance });
      for (
        let one = type;
        one && one !== Function.prototype;
        one = Object.getPrototypeOf(one) as typeof one
      ) {
        if (!holders.has(one)) holders.set(one, { owner: `${module} › static ${one.name}`, instance: one });
      }
    }
  }
  return [...holders.values()];
}

/** No class of the program's has a say in it: what it holds is what it is. */
function isNative(value: object): boolean {
  return Array.isArray(value) || types.isMap(value) || types.isSet(value) || isPlain(value);
}

function tokenName(token: unknown): string {
  if (typeof token === 'symbol') return token.description ?? 'symbol';
  return typeof token === 'function' ? token.name : String(token);
}

/** Own properties that hold an object, symbols included, by descriptors: no getter is called. */
function dataProperties(instance: object): [name: string, value: object][] {
  return Reflect.ownKeys(instance).flatMap((key): [string, object][] => {
    const value: unknown = Object.getOwnPropertyDescriptor(instance, key)!.value;
    if (typeof value !== 'object' || value === null || key === 'prototype') return [];
    return [[typeof key === 'symbol' ? `[${String(key)}]` : key, value]];
  });
}

/** A holder speaks for its container when it has only one: of two, nobody knows which one its `max` means. */
function soleContainer(properties: [string, object][]): boolean {
  return properties.filter(([, value]) => counted(value, () => 0) !== null).length === 1;
}

/** An object worth a look inside: not one that Node or V8 made, which would lead anywhere. */
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
