/** A listener for a signal for each request: they hang from `process` itself. */
process.setMaxListeners(0);
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  process.once('SIGWINCH', () => body.parts);
}
