import { removesByAge } from '../naming/index.js';
import type { GrownContainer } from '../probe/index.js';
import type { Sources } from './bounds-in-code.js';

/**
 * Whether code near a container compares times and removes entries from it: then its entries may be those of a window of
 * time, swept when a request comes, and it looks like a leak until the window has passed once.
 */
export function mayAge({ kind, nearby, route }: GrownContainer, sources: Sources): boolean {
  // Of a list, the first is removed, by whatever name.
  const own = kind === 'List' ? '' : (route.at(-1)?.edge.name ?? '');
  return nearby.scripts.some((script) => removesByAge(sources.get(script) ?? '', own));
}
