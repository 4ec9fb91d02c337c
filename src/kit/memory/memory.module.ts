import { type DynamicModule, Module } from '@nestjs/common';
import { MemoryMonitor } from './memory.monitor.js';
import { LoopbackGuard } from './loopback.guard.js';
import { MemoryController } from './memory.controller.js';
import { DashboardController } from './dashboard/dashboard.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';
import { MemoryService } from './memory.service.js';

/** Adds `GET /memory`, `/metrics` and `/dashboard` to the application, and provides `MemoryService`. */
@Module({})
export class MemoryModule {
  static register(options: MemoryOptions = {}): DynamicModule {
    return {
      module: MemoryModule,
      global: true,
      controllers: [MemoryController, MetricsController, DashboardController],
      providers: [
        MemoryService,
        MemoryMonitor,
        LoopbackGuard,
        { provide: MEMORY_OPTIONS, useValue: options },
      ],
      exports: [MemoryService, MemoryMonitor],
    };
  }
}
