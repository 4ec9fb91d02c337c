import { BroadcastChannel } from 'node:worker_threads';

/** A channel for each request, none of them closed: native code alone holds them. */
let next = 0;

export function request() {
  const body = { at: next++ };
  const channel = new BroadcastChannel('changes');
  channel.unref();
  channel.addEventListener('message', () => body);
}
