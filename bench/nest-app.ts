import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { UserCache } from '../src/service/user-cache.js';
import { FixedUserCache } from '../src/service/user-cache.fixed.js';
import { UserDirectory } from '../src/service/user-directory.js';
import { UsersController } from '../src/service/users.controller.js';
import { UsersService } from '../src/service/users.service.js';
import type { Settings } from '../src/settings.js';

@Module({})
class UsersAlone {}

/** The route on Nest alone: separates the cost of Nest itself from the cost of monitoring and console. */
export function nestApp({
  maxEntries,
  maxBytes,
  directoryLatencyMs,
}: Settings): Promise<NestFastifyApplication> {
  return NestFactory.create<NestFastifyApplication>(
    {
      module: UsersAlone,
      controllers: [UsersController],
      providers: [
        UsersService,
        { provide: UserCache, useValue: new FixedUserCache({ maxEntries, maxBytes }) },
        { provide: UserDirectory, useValue: new UserDirectory({ latencyMs: directoryLatencyMs }) },
      ],
    },
    new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16 * 1024 } }),
    { bodyParser: false, logger: false },
  );
}
