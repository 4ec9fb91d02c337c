import { isVisited } from './reflect.js';
import type { Scope } from './scope.js';

/** A scope of so many variables is a bundle or a large file: V8 copies them all for each function that is inspected. */
const LARGE = 64;
/** Variables that are compared to tell whether two functions see the same scope. */
const COMPARED = 16;
/** The share of them that must be the same: a variable may get another value meanwhile. */
const SAME_SHARE = 0.75;
/** Variables of one scope that may be copied in all before its functions are postponed. */
const MOST_COPIED = 300_000;

/** A scope with many variables, which many functions see. */
export interface LargeScope {
  names: string[];
  values: unknown[];
  size: number;
  copied: number;
  /** The lowest cost at which its variables were offered. */
  offeredAt: number;
}

/**
 * The large scopes of a walk. A function does not say which scope it was declared in until V8 has copied all variables
 * of it; with a thousand functions beside a thousand variables, that is a million copies. So a scope is offered once,
 * and once enough of its functions were inspected, the others wait until the rest of the walk is done.
 */
export class LargeScopes {
  readonly #scopes = new Map<string, LargeScope[]>();
  readonly #ofValue = new Map<unknown, LargeScope>();

  /** The scope as it was met first; null for a small one. */
  meet(script: string, scope: Scope): LargeScope | null {
    const size = scope.names.length;
    if (size < LARGE) return null;
    const names = Array.from(
      { length: COMPARED },
      (_, at) => scope.names[Math.floor((at * size) / COMPARED)] ?? '',
    );
    const values = scope.valuesOf(names).map((value) => value?.is);
    const key = `${script} ${scope.description} ${size} ${names.join(' ')}`;
    const alike = this.#scopes.get(key) ?? [];
    let found = alike.find((one) => isSame(one.values, values));
    if (!found) {
      found = { names, values, size, copied: 0, offeredAt: Number.POSITIVE_INFINITY };
      this.#scopes.set(key, [...alike, found]);
    }
    found.copied += size;
    return found;
  }

  /** Remembers that a value is a variable of a scope. */
  add(scope: LargeScope, value: unknown): void {
    if (isVisited(value) && !this.#ofValue.has(value)) this.#ofValue.set(value, scope);
  }

  /** The large scope of which a value is a variable. */
  of(value: object): LargeScope | null {
    return this.#ofValue.get(value) ?? null;
  }
}

/** Whether no more functions of a scope should be inspected until the rest of the walk is done. */
export function isSpent({ copied }: LargeScope): boolean {
  return copied > MOST_COPIED;
}

function isSame(known: readonly unknown[], values: readonly unknown[]): boolean {
  const told = known.flatMap((value, at) => (isVisited(value) ? [value === values[at]] : []));
  return told.length > 0 && told.filter(Boolean).length >= SAME_SHARE * told.length;
}
