import type { REPLServer } from 'node:repl';
import { types } from 'node:util';

/** What a REPL remembers of the last line, as `_` and `_error`. */
type Remembers = REPLServer & { underscoreAssigned: boolean; underscoreErrAssigned: boolean };

/**
 * Makes `_` and `_error` last as long as something else holds their value: a REPL would keep it, and the largest
 * Map of a service is not to live on because somebody looked at it. A value that was assigned is kept: it is wanted.
 */
export function rememberWeakly(server: REPLServer): void {
  weaken(server, 'last', 'underscoreAssigned');
  weaken(server, 'lastError', 'underscoreErrAssigned');
}

function weaken(
  server: REPLServer,
  name: 'last' | 'lastError',
  assigned: 'underscoreAssigned' | 'underscoreErrAssigned',
): void {
  let kept: unknown;
  Object.defineProperty(server, name, {
    configurable: true,
    get: () => (kept instanceof WeakRef ? (kept.deref() as unknown) : kept),
    set: (value: unknown) => {
      const weakly = isObject(value) && !(server as Remembers)[assigned];
      kept = weakly ? new WeakRef(value) : value;
    },
  });
}

function isObject(value: unknown): value is object {
  // A promise is remembered by whoever awaits it.
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || types.isProxy(value);
}
