/** Every request awaits a connection that is never made. */
const connected = new Promise(() => {});
let next = 0;

export async function request() {
  const body = { at: next++, parts: [String(next)] };
  await connected;
  return body;
}
