import { counted, inherited } from './container.js';

/** The bound that a container, or its owner, declares. */
export interface DeclaredBound {
  /** The property that declares it, such as `max`. */
  declaredBy: string;
  /** In entries; in the owner's own units if it counts sizes. */
  limit: number;
  /** The used part, 0 to 1. */
  filled: number;
}

/** Names that caches on npm, and most caches written by hand, give to their largest number of entries. */
const ENTRY_LIMITS = ['max', 'maxEntries', 'maxKeys', 'maxLength', 'capacity', 'maxSize'];
/** If a cache counts sizes, `maxSize` limits their sum. */
const SIZE_LIMITS: [limit: string, sum: string][] = [['maxSize', 'calculatedSize']];

/**
 * The bound of a container, read from its own properties, such as `max` of lru-cache; null if it declares none. If
 * there are several, the one that is nearest to full. A time to live is a bound only if expired entries are removed
 * (`ttlAutopurge`). The number of entries then depends on the traffic, so such a container counts as full.
 *
 * @param owner an object whose only container this is: it may declare the bound in its place
 */
export function declaredBoundOf(container: object, owner?: object): DeclaredBound | null {
  const { entries } = counted(container) ?? { entries: 0 };
  const bySize = SIZE_LIMITS.flatMap(([limit, sum]) => {
    const filled = numberIn(container, sum);
    return filled === undefined ? [] : bound(container, limit, filled);
  });
  const byCount = ENTRY_LIMITS.filter(
    (name) => !bySize.some(({ declaredBy }) => declaredBy === name),
  ).flatMap((name) => bound(container, name, entries));
  const own = [...bySize, ...byCount].toSorted((one, other) => other.filled - one.filled);
  if (own[0]) return own[0];
  const ttl = numberIn(container, 'ttl');
  if (isLimit(ttl) && inherited(container, 'ttlAutopurge')?.value === true) {
    return { declaredBy: 'ttl', limit: ttl, filled: 1 };
  }
  return owner ? (ENTRY_LIMITS.flatMap((name) => bound(owner, name, entries))[0] ?? null) : null;
}

function bound(declarer: object, name: string, used: number): DeclaredBound[] {
  const limit = numberIn(declarer, name);
  return isLimit(limit) ? [{ declaredBy: name, limit, filled: Math.min(1, used / limit) }] : [];
}

/** Zero and Infinity mean "no bound" in most caches; a negative limit is a mistake. */
function isLimit(limit: number | undefined): limit is number {
  return limit !== undefined && limit > 0 && Number.isFinite(limit) && limit < Number.MAX_SAFE_INTEGER;
}

/** A numeric property. A getter of the class is called only if the object is a container. */
function numberIn(object: object, name: string): number | undefined {
  const descriptor = inherited(object, name);
  if (!descriptor) return undefined;
  const isContainer = counted(object, () => 0) !== null;
  const value: unknown = descriptor.get && isContainer ? descriptor.get.call(object) : descriptor.value;
  return typeof value === 'number' ? value : undefined;
}
