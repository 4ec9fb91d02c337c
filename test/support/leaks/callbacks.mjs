/** A hook for each request that closes over it and is never removed. */
const onClose = [];
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  onClose.push(() => body.parts);
}
