import type { ModulesContainer } from '@nestjs/core';
import { Problem } from '../problem.js';

/** Something that Nest made or was given, and by what it can be asked for. */
export interface Provided {
  module: string;
  /** What it is called: by its token, and by its own class where that is another one. */
  names: string[];
  tokens: unknown[];
  instance: object;
}

/** Nest's own words that say nothing of the program. */
export const NEST_MODULE = 'InternalCoreModule';

/** Every provider and controller that there is one of. */
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
        const names = tokens.map(labelOf).filter((name) => name !== '');
        return [{ module: module.name, names: [...new Set(names)], tokens, instance }];
      }),
    );
}

/** The instance of a provider, by its class, its token, or the name of either. */
export function find(modules: ModulesContainer, asked: unknown): object {
  const all = providersOf(modules);
  const found =
    all.find(({ tokens }) => tokens.includes(asked)) ??
    all.find(({ names }) => names.includes(String(asked)));
  if (found) return found.instance;
  const name = typeof asked === 'function' ? asked.name : String(asked);
  throw new Problem(
    'LEAK_LAB_CONSOLE',
    `there is no provider ${name}: there are ${[...new Set(all.flatMap(({ names }) => names))].join(', ')}`,
  );
}

/** The classes of all providers, by name: what `get` takes, and what tab completes. */
export function classesOf(modules: ModulesContainer): Record<string, unknown> {
  return Object.fromEntries(
    providersOf(modules).flatMap(({ tokens }) =>
      tokens
        .filter((token) => typeof token === 'function' && token.name !== '')
        .map((token) => [labelOf(token), token]),
    ),
  );
}

function labelOf(token: unknown): string {
  if (typeof token === 'symbol') return token.description ?? '';
  return typeof token === 'function' ? token.name : String(token);
}
