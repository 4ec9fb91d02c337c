/** The held value refers to the target, so that the target is never collected. */
const registry = new FinalizationRegistry((close) => close());
let next = 0;

export function request() {
  const handle = { at: next++, parts: [String(next)] };
  registry.register(handle, () => handle.parts);
}
