import { types } from 'node:util';
import { classOf, isPlain } from './container.js';

/** A class with `static [UNCOUNTED] = true` is left out of the census: the kit does not report its own containers. */
export const UNCOUNTED = Symbol.for('leak-lab.uncounted');

/** The part of Nest's `InstanceWrapper` that is read. */
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

/** An object that may own containers: an instance of a provider or controller, or its class. */
export interface Owner {
  /** `UsersModule › LeakyUserCache`, or `UsersModule › static LeakyUserCache` for the class. */
  name: string;
  object: object;
}

/** Nest's own modules and providers. Their containers are the structure of the program, not its data. */
const NEST_MODULES = new Set(['InternalCoreModule']);
const NEST_PROVIDERS = new Set(['ModuleRef', 'ApplicationConfig']);

/** @throws TypeError if the source is neither Nest's `ModulesContainer` nor an application. */
export function modulesIn(source: NestModules | object): Iterable<NestModule> {
  if (source instanceof Map) return (source as Map<string, NestModule>).values();
  const { container } = source as { container?: { getModules(): NestModules } };
  if (container) return container.getModules().values();
  throw new TypeError('censusOf needs a Nest application or its ModulesContainer');
}

/** Every provider and controller that has an instance, and the classes, for their static properties. */
export function ownersIn(modules: Iterable<NestModule>): Owner[] {
  const owners = new Map<object, Owner>();
  for (const { name: module, providers, controllers } of modules) {
    if (NEST_MODULES.has(module)) continue;
    for (const { name, token, instance } of [...providers.values(), ...controllers.values()]) {
      if (NEST_PROVIDERS.has(String(name)) || typeof instance !== 'object' || instance === null) continue;
      if (types.isProxy(instance) || owners.has(instance)) continue;
      const type = isBareValue(instance) ? null : classOf(instance);
      if (type && UNCOUNTED in type) continue;
      owners.set(instance, {
        name: `${module} › ${type?.name || tokenName(token ?? name)}`,
        object: instance,
      });
      for (const one of withBaseClasses(type)) {
        if (!owners.has(one)) owners.set(one, { name: `${module} › static ${one.name}`, object: one });
      }
    }
  }
  return [...owners.values()];
}

/** A value without a class of the program, such as a Map given by `useValue`. */
export function isBareValue(value: object): boolean {
  return Array.isArray(value) || types.isMap(value) || types.isSet(value) || isPlain(value);
}

function withBaseClasses(type: { name: string } | null): { name: string }[] {
  if (type === null || type === Function.prototype) return [];
  return [type, ...withBaseClasses(Object.getPrototypeOf(type) as { name: string } | null)];
}

function tokenName(token: unknown): string {
  if (typeof token === 'symbol') return token.description ?? 'symbol';
  return typeof token === 'function' ? token.name : String(token);
}
