import { type DynamicModule, Module } from '@nestjs/common';
import { LoopbackGuard } from '../loopback.guard.js';
import { MEMORY_OPTIONS, type MemoryOptions } from '../memory.options.js';
import { CONTAINMENT_OPTIONS, type ContainmentOptions } from './containment.options.js';
import { Containment } from './containment.service.js';
import { HealthController } from './health.controller.js';

/** `GET /health`, and what keeps a leak from ending in the collector. Needs MemoryModule beside it. */
@Module({})
export class ContainmentModule {
  static register(options: ContainmentOptions = {}): DynamicModule {
    const guarded: MemoryOptions = { exposed: options.exposed ?? false };
    return {
      module: ContainmentModule,
      controllers: [HealthController],
      providers: [
        Containment,
        LoopbackGuard,
        { provide: MEMORY_OPTIONS, useValue: guarded },
        { provide: CONTAINMENT_OPTIONS, useValue: options },
      ],
      exports: [Containment],
    };
  }
}
