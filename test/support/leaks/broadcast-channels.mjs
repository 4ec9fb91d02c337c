import { BroadcastChannel } from 'node:worker_threads';

/** A channel for each request that is never closed: only native code retains it. */
let next = 0;

export function request() {
  const body = { at: next++ };
  const channel = new BroadcastChannel('changes');
  channel.unref();
  channel.addEventListener('message', () => body);
}
