import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RedisLink, type RedisLinkOptions } from './redis-link.js';
import { FixedUserCache, type UserCacheBounds } from './user-cache.fixed.js';
import { UserCache, type SharedUsage, type UserCacheUsage } from './user-cache.js';
import { fromText, toText } from './user-text.js';
import type { User } from './user.js';

export interface SharedUserCacheOptions {
  redis: RedisLinkOptions;
  /** Time to live of a user in Redis. */
  ttlMs: number;
  /** Bounds of the cache in this process. */
  local: UserCacheBounds;
}

/** The number changes with the text format, so that two versions of the service do not read each other's values. */
const KEY = 'leak-lab:user:1:';

/**
 * Users in a Redis that all replicas share and that keeps its own bound, behind a small cache in this process for the
 * users that are requested most. A user never changes, so no copy is out of date. Where users change, the local copies
 * need a time to live of their own, and a short one.
 */
@Injectable()
export class SharedUserCache extends UserCache implements OnModuleInit, OnApplicationShutdown {
  private readonly local: FixedUserCache;
  private readonly redis: RedisLink;
  private readonly counts = { hits: 0, misses: 0, late: 0, errors: 0, damaged: 0, skipped: 0 };

  constructor(private readonly options: SharedUserCacheOptions) {
    super();
    this.local = new FixedUserCache(options.local);
    this.redis = new RedisLink(options.redis);
  }

  onModuleInit(): void {
    this.redis.open();
  }

  /** Not earlier: the last requests may still look up users. */
  onApplicationShutdown(): void {
    this.redis.close();
  }

  override async getShared(id: string): Promise<User | undefined> {
    const reply = await this.redis.get(KEY + id);
    const user = reply.kind === 'hits' ? fromText(reply.text, id) : undefined;
    this.counts[reply.kind === 'hits' && !user ? 'damaged' : reply.kind] += 1;
    if (user) this.local.set(user);
    return user;
  }

  set(user: User): void {
    this.local.set(user);
    void this.share(user);
  }

  private async share(user: User): Promise<void> {
    const { kind } = await this.redis.set(KEY + user.user_id, toText(user), this.options.ttlMs);
    if (kind === 'late' || kind === 'errors') this.counts[kind] += 1;
  }

  override sharedUsage(): SharedUsage {
    const { state } = this.redis;
    const { late, errors, damaged } = this.counts;
    return { state, up: state === 'ready' ? 1 : 0, ...this.counts, failures: late + errors + damaged };
  }

  protected read(id: string): User | undefined {
    return this.local.get(id);
  }

  protected size(): Omit<UserCacheUsage, 'hits' | 'misses' | 'hitRatio'> {
    return this.local.usage();
  }
}
