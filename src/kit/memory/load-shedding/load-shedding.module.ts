import { type DynamicModule, Module } from '@nestjs/common';
import { LoopbackGuard } from '../loopback.guard.js';
import { MEMORY_OPTIONS, type MemoryOptions } from '../memory.options.js';
import { LOAD_SHEDDING_OPTIONS, type LoadSheddingOptions } from './load-shedding.options.js';
import { LoadShedding } from './load-shedding.service.js';
import { HealthController } from './health.controller.js';

/** Adds `GET /health`, and load shedding near the memory limit. It needs MemoryModule in the same application. */
@Module({})
export class LoadSheddingModule {
  static register(options: LoadSheddingOptions = {}): DynamicModule {
    const guarded: MemoryOptions = { exposed: options.exposed ?? false };
    return {
      module: LoadSheddingModule,
      controllers: [HealthController],
      providers: [
        LoadShedding,
        LoopbackGuard,
        { provide: MEMORY_OPTIONS, useValue: guarded },
        { provide: LOAD_SHEDDING_OPTIONS, useValue: options },
      ],
      exports: [LoadShedding],
    };
  }
}
