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

/** How the shared cache looks from this process. Counts since its start. */
export interface SharedUsage {
  /** `slow`: an answer is overdue, and nothing more is asked until it comes. `away`: there is no connection. */
  state: 'ready' | 'slow' | 'away';
  /** Whether it is asked: 1 where it is ready. */
  up: 0 | 1;
  hits: number;
  misses: number;
  /** All that went wrong: `late`, `errors` and `damaged`. */
  failures: number;
  /** Commands not answered within the deadline. */
  late: number;
  /** Commands refused, or lost with the connection. */
  errors: number;
  /** Values that were not what was put there. */
  damaged: number;
  /** Look-ups that were not sent, as it was slow or away. */
  skipped: number;
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

  /**
   * Asks those beyond this process, where there are any, for what `get` did not have. Never rejects: whoever does
   * not answer has nothing.
   */
  recall?(id: string): Promise<User | undefined>;
  /** How those beyond are doing. */
  sharedUsage?(): SharedUsage;

  abstract set(user: User): void;
  protected abstract read(id: string): User | undefined;
  protected abstract size(): Omit<UserCacheUsage, 'hits' | 'misses' | 'hitRatio'>;
}
