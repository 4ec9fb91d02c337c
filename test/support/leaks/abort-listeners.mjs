import { setMaxListeners } from 'node:events';

/** A listener on an AbortSignal of the whole process for each request, never removed. */
const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  shutdown.signal.addEventListener('abort', () => body.parts);
}
