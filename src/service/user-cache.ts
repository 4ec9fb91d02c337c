import type { User } from './user.js';

/** Size, bounds and counters of a cache. A bound is null where there is none. */
export interface UserCacheUsage {
  entries: number;
  bytes: number;
  maxEntries: number | null;
  maxBytes: number | null;
  hits: number;
  misses: number;
  evictions: number;
  /** Hits per look-up, 0 to 1; 0 before the first look-up. */
  hitRatio: number;
}

/** State and counters of the shared cache as this process sees it. Counters start with the process. */
export interface SharedUsage {
  /** `slow`: a reply is overdue, and no command is sent until it arrives. `away`: there is no connection. */
  state: 'ready' | 'slow' | 'away';
  /** 1 if the state is `ready`, else 0. */
  up: 0 | 1;
  hits: number;
  misses: number;
  /** The sum of `late`, `errors` and `damaged`. */
  failures: number;
  /** Commands without a reply within the deadline. */
  late: number;
  /** Commands that Redis refused or that were lost with the connection. */
  errors: number;
  /** Values that differ from what was written. */
  damaged: number;
  /** Look-ups that were not sent because the state was `slow` or `away`. */
  skipped: number;
}

/** Caches users by id. It is the contract of every cache of the service and the injection token. */
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

  /**
   * Looks up, outside of this process, a user that `get` did not have. Absent where the cache is local. Never rejects:
   * a failure is a miss.
   */
  getShared?(id: string): Promise<User | undefined>;
  /** Absent where the cache is local. */
  sharedUsage?(): SharedUsage;

  abstract set(user: User): void;
  protected abstract read(id: string): User | undefined;
  protected abstract size(): Omit<UserCacheUsage, 'hits' | 'misses' | 'hitRatio'>;
}
