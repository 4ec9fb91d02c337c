import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LoadSheddingModule } from './kit/memory/load-shedding/load-shedding.module.js';
import { ConsoleModule } from './kit/console/console.module.js';
import { MemoryModule } from './kit/memory/memory.module.js';
import { refuseBadRequest, refuseBadUrl } from './service/bad-url.js';
import { UsersModule } from './service/users.module.js';
import type { Settings } from './settings.js';
import type { PatternName } from './specimens/names.js';
import { SpecimensModule } from './specimens/specimens.module.js';

/** One half of a pattern, and the path that serves it. */
export interface Feature {
  specimen: PatternName;
  mode: 'leaky' | 'fixed';
  path?: string;
}

@Module({})
class AppModule {
  static register(
    settings: Settings,
    feature: Feature | undefined,
    app: () => INestApplicationContext,
  ): DynamicModule {
    const { mode, exposeOps, maxEntries, maxBytes, directoryLatencyMs } = settings;
    const { redisUrl, redisTtlMs, redisDeadlineMs, localEntries } = settings;
    const { shedAt, exitAt, evidenceDir, evidenceSnapshot } = settings;
    const { noConsole, consoleDirectory, watchIntervalMs } = settings;
    return {
      module: AppModule,
      imports: [
        MemoryModule.register({ tags: { mode }, exposed: exposeOps, intervalMs: watchIntervalMs }),
        LoadSheddingModule.register({
          shedAt: shedAt && shedAt / 100,
          exitAt: exitAt / 100,
          evidenceDir,
          snapshot: evidenceSnapshot,
          exposed: exposeOps,
        }),
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
        ...(noConsole ? [] : [ConsoleModule.register({ name: mode, directory: consoleDirectory, app })]),
        ...(feature ? [SpecimensModule.register(feature.specimen, feature.mode, feature.path)] : []),
      ],
    };
  }
}

/** Builds the service, ready to listen. `main` and the tests both use it. */
export async function createApp(
  settings: Settings,
  feature = featureOf(settings),
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    frameworkErrors: refuseBadUrl,
    clientErrorHandler: refuseBadRequest,
    routerOptions: {
      ignoreTrailingSlash: true,
      // 256 characters take at most 3,072 characters of a URL: four bytes each, three characters per byte. The router's
      // own limit of 100 would answer 414 without saying which limit was exceeded.
      maxParamLength: 16 * 1024,
    },
  });
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings, feature, () => app),
    adapter,
    { bodyParser: false, logger: ['warn', 'error', 'fatal'] },
  );
  return app;
}

function featureOf({ specimen, mode }: Settings): Feature | undefined {
  return specimen && { specimen, mode: mode === 'leaky' ? 'leaky' : 'fixed' };
}
