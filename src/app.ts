import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MemoryModule } from './kit/memory/memory.module.js';
import { refuseBadRequest, refuseBadUrl } from './service/bad-url.js';
import { UsersModule } from './service/users.module.js';
import type { Settings } from './settings.js';
import { SpecimensModule } from './specimens/specimens.module.js';

@Module({})
class AppModule {
  static register(settings: Settings): DynamicModule {
    const { mode, specimen, exposeOps, maxEntries, maxBytes, directoryLatencyMs } = settings;
    const { redisUrl, redisTtlMs, redisDeadlineMs, localEntries } = settings;
    return {
      module: AppModule,
      imports: [
        MemoryModule.register({ tags: { mode }, exposed: exposeOps }),
        UsersModule.register({
          mode,
          bounds: { maxEntries, maxBytes },
          shared: {
            redis: { url: redisUrl, deadlineMs: redisDeadlineMs },
            ttlMs: redisTtlMs,
            local: { maxEntries: localEntries, maxBytes },
          },
          directory: { latencyMs: directoryLatencyMs },
        }),
        ...(specimen ? [SpecimensModule.register(specimen, mode === 'leaky' ? 'leaky' : 'fixed')] : []),
      ],
    };
  }
}

/** The service, ready to listen. The one way to build it, for `main` and for the tests. */
export async function createApp(settings: Settings): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    frameworkErrors: refuseBadUrl,
    clientErrorHandler: refuseBadRequest,
    routerOptions: {
      ignoreTrailingSlash: true,
      // 256 characters are at most 3,072 of a URL (four bytes each, three characters a byte). The router's own
      // limit, 100, would answer 414 before we can say which limit it is.
      maxParamLength: 16 * 1024,
    },
  });
  return NestFactory.create<NestFastifyApplication>(AppModule.register(settings), adapter, {
    bodyParser: false,
    logger: ['warn', 'error', 'fatal'],
  });
}
