import { randomUUID } from 'node:crypto';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { UserCache } from './user-cache.js';
import { UserDirectory } from './user-directory.js';
import type { User } from './user.js';

/**
 * Look-ups under way at most. Each holds its request, URL and headers up to 16 KiB: without a bound, one client that
 * asks faster than the directory answers takes all memory, however small the cache.
 */
const MOST_LOADS = 2_000;

/** Cache-aside: what the cache has is answered at once, what it lacks is loaded and kept. */
@Injectable()
export class UsersService {
  /** The loads under way. Each leaves when it ends, well or badly: without that, this Map is a leak of its own. */
  private readonly loads = new Map<string, Promise<User>>();

  constructor(
    private readonly cache: UserCache,
    private readonly directory: UserDirectory,
  ) {}

  find(id: string): User | Promise<User> {
    return this.cache.get(id) ?? this.load(id);
  }

  /** Somebody new: an id of 64 hexadecimal digits that nobody has asked for. */
  findRandom(): User | Promise<User> {
    // Node draws UUIDs by the hundred; 32 random bytes are a call to the system, a tenth of the whole request.
    return this.find(`${randomUUID()}${randomUUID()}`.replaceAll('-', ''));
  }

  /** All who miss the same id wait for the same load. A load that fails is not kept, so the next one tries again. */
  private load(id: string): Promise<User> {
    const underWay = this.loads.get(id);
    if (underWay) return underWay;
    if (this.loads.size >= MOST_LOADS) {
      throw new ServiceUnavailableException(
        `${MOST_LOADS} users are being looked up already: try again in a moment`,
      );
    }
    const load = this.obtain(id).finally(() => this.loads.delete(id));
    this.loads.set(id, load);
    return load;
  }

  private async obtain(id: string): Promise<User> {
    const known = this.cache.recall && (await this.cache.recall(id));
    if (known) return known;
    const user = await this.directory.find(id);
    this.cache.set(user);
    return user;
  }
}
