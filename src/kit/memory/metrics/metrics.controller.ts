import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { UNCOUNTED } from '../../census/index.js';
import { LoopbackGuard } from '../loopback.guard.js';
import { MEMORY_OPTIONS, type MemoryOptions } from '../memory.options.js';
import { MemoryMonitor } from '../memory.monitor.js';
import { registryOf } from './registry.js';

@Controller('metrics')
@UseGuards(LoopbackGuard)
export class MetricsController {
  static readonly [UNCOUNTED] = true;
  private readonly registry: Registry;

  constructor(monitor: MemoryMonitor, @Inject(MEMORY_OPTIONS) { tags = {} }: MemoryOptions) {
    this.registry = registryOf(monitor, tags);
  }

  /** All metrics in Prometheus' text format. */
  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
