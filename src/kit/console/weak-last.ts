import type { REPLServer } from 'node:repl';
import { types } from 'node:util';

/** Whether a person has assigned `_` or `_error`. The fields are not in Node's types. */
type Assigned = REPLServer & { underscoreAssigned: boolean; underscoreErrAssigned: boolean };

/**
 * Makes `_` and `_error` weak references: they last while something else retains their value. A REPL would retain it, and
 * the largest Map of a service must not stay alive because it was shown once. A value that a person assigned is retained.
 */
export function weakenLast(server: REPLServer): void {
  weaken(server, 'last', 'underscoreAssigned');
  weaken(server, 'lastError', 'underscoreErrAssigned');
}

function weaken(
  server: REPLServer,
  name: 'last' | 'lastError',
  assigned: 'underscoreAssigned' | 'underscoreErrAssigned',
): void {
  let last: unknown;
  Object.defineProperty(server, name, {
    configurable: true,
    get: () => (last instanceof WeakRef ? (last.deref() as unknown) : last),
    set: (value: unknown) => {
      const weakly = isObject(value) && !(server as Assigned)[assigned];
      last = weakly ? new WeakRef(value) : value;
    },
  });
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || types.isProxy(value);
}
