import type { ModulesContainer } from '@nestjs/core';
import { Problem } from '../problem.js';

/** An instance of a provider or controller, and the tokens that find it. */
export interface Provided {
  module: string;
  /** The names of its token and of its class. */
  names: string[];
  tokens: unknown[];
  instance: object;
}

/** Nest's module of internal providers, which are not part of the program. */
export const NEST_MODULE = 'InternalCoreModule';

/** Every provider and controller with a single instance. */
export function providersOf(modules: ModulesContainer): Provided[] {
  return Array.from(modules.values())
    .filter(({ name }) => name !== NEST_MODULE)
    .flatMap((module) =>
      [...module.providers.values(), ...module.controllers.values()].flatMap((wrapper): Provided[] => {
        const instance: unknown =
          wrapper.isTransient || !wrapper.isDependencyTreeStatic() ? null : wrapper.instance;
        if (typeof instance !== 'object' || instance === null) return [];
        const type = (instance.constructor as unknown) ?? null;
        const tokens = [wrapper.token, type].filter((token) => token !== Object && token !== null);
        const names = tokens.map(nameOf).filter((name) => name !== '');
        return [{ module: module.name, names: [...new Set(names)], tokens, instance }];
      }),
    );
}

/**
 * The instance of a provider, by its class, its token, or the name of either.
 *
 * @throws Problem LEAK_LAB_CONSOLE that lists the providers
 */
export function find(modules: ModulesContainer, asked: unknown): object {
  const all = providersOf(modules);
  const found =
    all.find(({ tokens }) => tokens.includes(asked)) ??
    all.find(({ names }) => names.includes(String(asked)));
  if (found) return found.instance;
  const name = typeof asked === 'function' ? asked.name : String(asked);
  throw new Problem(
    'LEAK_LAB_CONSOLE',
    `there is no provider ${name}. The providers are ${[...new Set(all.flatMap(({ names }) => names))].join(', ')}`,
  );
}

/** The classes of all providers, by name. They are in scope at the prompt, so that Tab completes them. */
export function classesOf(modules: ModulesContainer): Record<string, unknown> {
  return Object.fromEntries(
    providersOf(modules).flatMap(({ tokens }) =>
      tokens
        .filter((token) => typeof token === 'function' && token.name !== '')
        .map((token) => [nameOf(token), token]),
    ),
  );
}

function nameOf(token: unknown): string {
  if (typeof token === 'symbol') return token.description ?? '';
  return typeof token === 'function' ? token.name : String(token);
}
