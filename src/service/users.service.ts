import { randomUUID } from 'node:crypto';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { UserCache } from './user-cache.js';
import { UserDirectory } from './user-directory.js';
import type { User } from './user.js';

/**
 * Most look-ups under way. Each retains its request, with up to 16 KiB of URL and headers. Without a bound, a client that
 * sends requests faster than the directory answers would use all memory, however small the cache is.
 */
const MOST_LOADS = 2_000;

/** Cache-aside: answers from the cache, and loads and caches a user that is not there. */
@Injectable()
export class UsersService {
  /** The loads under way. Each entry is deleted when its load ends, even if it fails; otherwise this Map would leak. */
  private readonly loads = new Map<string, Promise<User>>();

  constructor(
    private readonly cache: UserCache,
    private readonly directory: UserDirectory,
  ) {}

  find(id: string): User | Promise<User> {
    return this.cache.get(id) ?? this.load(id);
  }

  /** A new user: a random id of 64 hexadecimal digits. */
  findRandom(): User | Promise<User> {
    // Node creates UUIDs in batches. `randomBytes(32)` is a system call and takes a tenth of the whole request.
    return this.find(`${randomUUID()}${randomUUID()}`.replaceAll('-', ''));
  }

  /** Concurrent misses of one id share one load. A failed load is not cached, so the next request tries again. */
  private load(id: string): Promise<User> {
    const underWay = this.loads.get(id);
    if (underWay) return underWay;
    if (this.loads.size >= MOST_LOADS) {
      throw new ServiceUnavailableException(
        `${MOST_LOADS} look-ups are under way, which is the limit: try again in a moment`,
      );
    }
    const load = this.obtain(id).finally(() => this.loads.delete(id));
    this.loads.set(id, load);
    return load;
  }

  private async obtain(id: string): Promise<User> {
    const known = this.cache.getShared && (await this.cache.getShared(id));
    if (known) return known;
    const user = await this.directory.find(id);
    this.cache.set(user);
    return user;
  }
}
