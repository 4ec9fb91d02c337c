import { counted, inherited } from './container.js';

/** What an owner says it keeps at most. */
export interface DeclaredBound {
  /** The property that says so, such as `max`. */
  declaredBy: string;
  /** In entries, or in the owner's own units where it counts sizes. */
  limit: number;
  /** 0 to 1: how much of it is used. */
  filled: number;
}

/** How the caches on npm, and most written by hand, call the most that they keep, by what it counts. */
const ENTRY_LIMITS = ['max', 'maxEntries', 'maxKeys', 'maxLength', 'capacity', 'maxSize'];
/** Where a cache counts sizes, `maxSize` limits their sum. */
const SIZE_LIMITS: [limit: string, sum: string][] = [['maxSize', 'calculatedSize']];

/**
 * What a container says it keeps at most: by its own properties, such as `max` of lru-cache. Of several, the one
 * that is nearest to full. A time to live bounds only together with something that sweeps (`ttlAutopurge`); how many
 * entries that makes depends on the traffic, so it is taken as full.
 *
 * @param holder an object that keeps `container` as its one container, and may declare the bound in its place
 */
export function declaredBoundOf(container: object, holder?: object): DeclaredBound | null {
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
  return holder ? (ENTRY_LIMITS.flatMap((name) => bound(holder, name, entries))[0] ?? null) : null;
}

function bound(declarer: object, name: string, used: number): DeclaredBound[] {
  const limit = numberIn(declarer, name);
  return isLimit(limit) ? [{ declaredBy: name, limit, filled: Math.min(1, used / limit) }] : [];
}

/** Zero and Infinity are how a cache says "no bound"; a negative one is a mistake. */
function isLimit(limit: number | undefined): limit is number {
  return limit !== undefined && limit > 0 && Number.isFinite(limit) && limit < Number.MAX_SAFE_INTEGER;
}

/** A number that an object has or, where it is a container, answers by a getter of its class. */
function numberIn(object: object, name: string): number | undefined {
  const descriptor = inherited(object, name);
  if (!descriptor) return undefined;
  const isContainer = counted(object, () => 0) !== null;
  const value: unknown = descriptor.get && isContainer ? descriptor.get.call(object) : descriptor.value;
  return typeof value === 'number' ? value : undefined;
}
