import type { ModulesContainer } from '@nestjs/core';
import { types } from 'node:util';
import { classNames } from './live-heap.js';
import { NEST_MODULE, providersOf } from './providers.js';

/** The retaining path of an object, from a Nest module down to it. */
export interface LivePath {
  /** `AppModule › UsersModule › LeakyUserCache.users["42"]`. */
  text: string;
  /** The same without the modules above its own: `UsersModule › LeakyUserCache.users["42"]`. */
  name: string;
  /** The class of the provider at its start. */
  owner: string;
  steps: LiveStep[];
}

export interface LiveStep {
  /** How it is reached from the previous step: `AppModule`, `.users`, `["42"]`. */
  via: string;
  className: string;
  object: object;
}

/** Enough for the structure of any program. Millions of records are not visited one by one. */
const MOST_VISITED = 200_000;
const LONGEST_MS = 500;
/** Every entry of a container is compared with the target, but only so many are entered. */
const ENTERED_ENTRIES = 50;
const LONGEST_KEY = 40;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const ARROW = ' › ';

interface Visit {
  object: object;
  via: string;
  from: Visit | undefined;
}

/**
 * Searches for an object from Nest's providers, breadth first, through properties and the entries of Maps, Sets and
 * arrays. It calls no getter.
 *
 * @param barred objects not to enter: the console itself, and Nest's own records
 * @returns undefined where no path was found; closures and `#private` fields are not searched
 */
export function livePath(
  target: object,
  modules: ModulesContainer,
  barred: Iterable<unknown>,
): LivePath | undefined {
  const chains = moduleChains(modules);
  const queue: Visit[] = providersOf(modules).map(({ module, names, instance }) => ({
    object: instance,
    via: names.at(-1) ?? module,
    from: { object: instance, via: module, from: undefined },
  }));
  const seen = new Set<unknown>([...barred, ...nestsOwn(modules), ...queue.map(({ object }) => object)]);
  const found = queue.find(({ object }) => object === target) ?? search(target, queue, seen);
  return found && pathOf(found, chains);
}

function search(target: object, queue: Visit[], seen: Set<unknown>): Visit | undefined {
  const until = performance.now() + LONGEST_MS;
  for (const visit of queue) {
    if (queue.length > MOST_VISITED || performance.now() > until) return undefined;
    let entered = 0;
    for (const [via, value, isEntry] of referencesOf(visit.object)) {
      if (typeof value !== 'object' || value === null) continue;
      if (value === target) return { object: value, via: via(), from: visit };
      if (isEntry && (entered += 1) > ENTERED_ENTRIES) continue;
      if (seen.has(value) || types.isProxy(value)) continue;
      seen.add(value);
      queue.push({ object: value, via: via(), from: visit });
    }
  }
  return undefined;
}

type Reference = [via: () => string, value: unknown, isEntry: boolean];

function* referencesOf(object: object): Iterable<Reference> {
  if (ArrayBuffer.isView(object)) return;
  if (Array.isArray(object)) {
    for (const [at, value] of object.entries()) yield [() => `[${at}]`, value, true];
    return;
  }
  for (const key of Reflect.ownKeys(object)) {
    const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
    yield [() => property(key), value, false];
  }
  if (types.isMap(object)) {
    let at = 0;
    for (const [key, value] of object) {
      const index = at++;
      yield [() => `[key ${index}]`, key, true];
      yield [() => (typeof key === 'string' ? `[${quoted(key)}]` : `[entry ${index}]`), value, true];
    }
  } else if (types.isSet(object)) {
    let at = 0;
    for (const value of object) {
      const index = at++;
      yield [() => `[entry ${index}]`, value, true];
    }
  }
}

function pathOf(found: Visit, chains: Map<string, string[]>): LivePath {
  const named = classNames();
  const visits: Visit[] = [];
  for (let at: Visit | undefined = found; at; at = at.from) visits.unshift(at);
  // Every path begins with a module and one of its providers: `livePath` queues nothing else.
  const [module, provider, ...rest] = visits as [Visit, Visit, ...Visit[]];
  const member = provider.via + rest.map(({ via }) => via).join('');
  const above = chains.get(module.via) ?? [module.via];
  return {
    text: [...above, member].join(ARROW),
    name: [module.via, member].join(ARROW),
    owner: named(provider.object),
    steps: [
      ...above.map((via) => ({ via, className: 'Module', object: module.object })),
      ...[provider, ...rest].map(({ via, object }) => ({ via, className: named(object), object })),
    ],
  };
}

/** Nest's internal providers: through them, every provider would lead to the server and all it references. */
function nestsOwn(modules: ModulesContainer): unknown[] {
  return Array.from(modules.values())
    .filter(({ name }) => name === NEST_MODULE)
    .flatMap(({ providers }) => Array.from(providers.values(), ({ instance }): unknown => instance));
}

/** The chain of imports from the root module to each module, by name. */
function moduleChains(modules: ModulesContainer): Map<string, string[]> {
  const all = [...modules.values()];
  const imported = new Set(all.flatMap(({ imports }) => [...imports]));
  const queue = all
    .filter((module) => !imported.has(module))
    .map((module) => ({ module, chain: [module.name] }));
  const chains = new Map<string, string[]>();
  for (const { module, chain } of queue) {
    if (chains.has(module.name)) continue;
    chains.set(module.name, chain);
    for (const next of module.imports) queue.push({ module: next, chain: [...chain, next.name] });
  }
  return chains;
}

function property(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${quoted(key)}]`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_KEY ? `${text.slice(0, LONGEST_KEY - 1)}…` : text);
}
