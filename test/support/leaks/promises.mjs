/** Everybody waits for a connection that never comes. */
const connected = new Promise(() => {});
let next = 0;

export async function request() {
  const body = { at: next++, parts: [String(next)] };
  await connected;
  return body;
}
