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
 * What one entry costs beside the user. lru-cache lays out arrays for all of its entries at once: key, value and
 * size, 8 bytes each, next, previous and free, 4 bytes each. Its Map grows by doubling and keeps deleted entries
 * until it is full, so that it settles at up to 4 places an entry, of 28 bytes each.
 */
const SLOT_BYTES = 3 * 8 + 3 * 4 + 4 * 28;

/** The users that were asked for most recently: no more than fit both bounds. This is the fix. */
@Injectable()
export class FixedUserCache extends UserCache {
  private readonly users: LRUCache<string, User>;
  private evictions = 0;

  /** `maxBytes` bounds the cache with all its bookkeeping, whatever ids clients send. */
  constructor(private readonly bounds: UserCacheBounds) {
    super();
    const max = Math.min(bounds.maxEntries, Math.floor(bounds.maxBytes / (SMALLEST_USER_BYTES + SLOT_BYTES)));
    this.users = new LRUCache<string, User>({
      max,
      maxSize: bounds.maxBytes - max * SLOT_BYTES, // the slots are there from the start: they are paid for first
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
