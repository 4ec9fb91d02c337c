import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { MemoryService } from '../kit/memory/memory.service.js';
import { UserCache } from './user-cache.js';
import { FixedUserCache, type UserCacheBounds } from './user-cache.fixed.js';
import { LeakyUserCache } from './user-cache.leaky.js';
import { UserDirectory, type UserDirectoryOptions } from './user-directory.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

export const modes = ['fixed', 'leaky'] as const;
export type Mode = (typeof modes)[number];

export interface UsersOptions {
  mode: Mode;
  bounds: UserCacheBounds;
  directory: UserDirectoryOptions;
}

@Module({})
export class UsersModule implements OnModuleInit {
  static register({ mode, bounds, directory }: UsersOptions): DynamicModule {
    return {
      module: UsersModule,
      controllers: [UsersController],
      providers: [
        UsersService,
        { provide: UserDirectory, useFactory: () => new UserDirectory(directory) },
        {
          provide: UserCache,
          useFactory: () => (mode === 'leaky' ? new LeakyUserCache() : new FixedUserCache(bounds)),
        },
      ],
    };
  }

  constructor(
    private readonly cache: UserCache,
    private readonly memory: MemoryService,
  ) {}

  onModuleInit(): void {
    this.memory.track('cache', () => this.cache.usage());
  }
}
