/** Hooks that are registered with every request and close over it. */
const onClose = [];
let next = 0;

export function request() {
  const body = { at: next++, parts: [String(next)] };
  onClose.push(() => body.parts);
}
