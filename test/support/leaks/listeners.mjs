import { EventEmitter } from 'node:events';

/** A listener for each request that is never removed. */
const bus = new EventEmitter().setMaxListeners(0);
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  bus.on('change', () => body.parts);
}
