/** An interval for each request that is never cleared. */
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  setInterval(() => body.parts, 60_000).unref();
}
