import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SMALLEST_USER_BYTES, userBytes } from './user-bytes.js';
import { UserCache } from './user-cache.js';
import type { User } from './user.js';

export interface UserCacheBounds {
  maxEntries: number;
  maxBytes: number;
}

/**
 * The memory of one entry besides the user. lru-cache allocates arrays for all entries at the start: key, value and
 * size with 8 bytes each; next, previous and free with 4 bytes each. Its Map grows by doubling and keeps deleted entries
 * until it is full, so that it has up to 4 slots per entry, of 28 bytes each.
 */
const SLOT_BYTES = 3 * 8 + 3 * 4 + 4 * 28;

/** The fix: the most recently used users, as many as fit both bounds. */
@Injectable()
export class FixedUserCache extends UserCache {
  private readonly users: LRUCache<string, User>;
  private evictions = 0;

  /** `maxBytes` bounds the cache including its own structures, whatever ids clients send. */
  constructor(private readonly bounds: UserCacheBounds) {
    super();
    const max = Math.min(bounds.maxEntries, Math.floor(bounds.maxBytes / (SMALLEST_USER_BYTES + SLOT_BYTES)));
    this.users = new LRUCache<string, User>({
      max,
      maxSize: bounds.maxBytes - max * SLOT_BYTES, // the slots are allocated at the start, so they are subtracted first
      sizeCalculation: userBytes,
      dispose: (_user, _id, reason) => {
        if (reason === 'evict') this.evictions += 1;
      },
    });
  }

  set(user: User): void {
    this.users.set(user.user_id, user);
  }

  protected read(id: string): User | undefined {
    return this.users.get(id);
  }

  protected size() {
    const { users, bounds, evictions } = this;
    return { entries: users.size, bytes: users.calculatedSize, ...bounds, evictions };
  }
}
