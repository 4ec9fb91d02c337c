import type { GrownContainer } from './inside/container-growth.js';

/** The class of handles that the event loop retains, which were opened and not closed; null for anything else. */
export function handlesOf({ route }: Pick<GrownContainer, 'route'>): string | null {
  const [only, ...more] = route;
  return only && more.length === 0 ? (/^open handles of (.+)$/.exec(only.edge.name)?.[1] ?? null) : null;
}
