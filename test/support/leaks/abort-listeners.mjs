import { setMaxListeners } from 'node:events';

/** Every request listens to the end of the process. */
const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  shutdown.signal.addEventListener('abort', () => body.parts);
}
