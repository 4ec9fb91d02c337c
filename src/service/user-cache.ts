import type { User } from './user.js';

/** How a cache is doing. A bound of `null` is a bound that is not there. */
export interface UserCacheUsage {
  entries: number;
  bytes: number;
  maxEntries: number | null;
  maxBytes: number | null;
  hits: number;
  misses: number;
  evictions: number;
  /** Hits of all look-ups, 0 to 1; 0 before the first. */
  hitRatio: number;
}

/** Keeps users by their id. The contract of every cache of the service, and the token to inject it by. */
export abstract class UserCache {
  private hits = 0;
  private misses = 0;

  get(id: string): User | undefined {
    const user = this.read(id);
    if (user) this.hits += 1;
    else this.misses += 1;
    return user;
  }

  usage(): UserCacheUsage {
    const { hits, misses } = this;
    return { ...this.size(), hits, misses, hitRatio: hits / (hits + misses || 1) };
  }

  abstract set(user: User): void;
  protected abstract read(id: string): User | undefined;
  protected abstract size(): Omit<UserCacheUsage, 'hits' | 'misses' | 'hitRatio'>;
}
