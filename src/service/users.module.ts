import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { MemoryService } from '../kit/memory/memory.service.js';
import { UserCache } from './user-cache.js';
import { FixedUserCache, type UserCacheBounds } from './user-cache.fixed.js';
import { LeakyUserCache } from './user-cache.leaky.js';
import type { SharedUserCacheOptions } from './user-cache.shared.js';
import { UserDirectory, type UserDirectoryOptions } from './user-directory.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

export const modes = ['fixed', 'leaky', 'shared'] as const;
export type Mode = (typeof modes)[number];

export interface UsersOptions {
  mode: Mode;
  bounds: UserCacheBounds;
  shared: SharedUserCacheOptions;
  directory: UserDirectoryOptions;
}

@Module({})
export class UsersModule implements OnModuleInit {
  static register({ mode, bounds, shared, directory }: UsersOptions): DynamicModule {
    return {
      module: UsersModule,
      controllers: [UsersController],
      providers: [
        UsersService,
        { provide: UserDirectory, useFactory: () => new UserDirectory(directory) },
        {
          provide: UserCache,
          useFactory: {
            fixed: () => new FixedUserCache(bounds),
            leaky: () => new LeakyUserCache(),
            // The Redis client takes 20 MB, so the other modes do not load it.
            shared: async () => new (await import('./user-cache.shared.js')).SharedUserCache(shared),
          }[mode],
        },
      ],
    };
  }

  constructor(
    private readonly cache: UserCache,
    private readonly memory: MemoryService,
  ) {}

  onModuleInit(): void {
    const { cache } = this;
    this.memory.track('cache', () => cache.usage());
    const sharedUsage = cache.sharedUsage?.bind(cache);
    if (sharedUsage) this.memory.track('redis', sharedUsage);
  }
}
