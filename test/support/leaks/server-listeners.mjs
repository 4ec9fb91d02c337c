import { createServer } from 'node:http';
/** Listeners on a server that no variable of the program refers to: only a handle of Node does. */
createServer().setMaxListeners(0).listen(0, '127.0.0.1');
await new Promise((resolve) => setTimeout(resolve, 50));
let next = 0;

export function request() {
  const server = process._getActiveHandles().find((one) => one.constructor.name === 'Server');
  const proxy = { at: next++, target: String(next) };
  server.on('upgrade', () => proxy);
}
