/** A listener for a signal for each request, which `process` retains. */
process.setMaxListeners(0);
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  process.once('SIGWINCH', () => body.parts);
}
