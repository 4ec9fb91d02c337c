import { Controller, Get, UseGuards } from '@nestjs/common';
import { growthJson, type GrowthJson } from './growth-json.js';
import { LoopbackGuard } from './loopback.guard.js';
import { MemoryMonitor } from './memory.monitor.js';
import { MemoryService } from './memory.service.js';

@Controller('memory')
@UseGuards(LoopbackGuard)
export class MemoryController {
  constructor(
    private readonly memory: MemoryService,
    private readonly monitor: MemoryMonitor,
  ) {}

  /** One sample. It does not force a collection: a request must not be able to stop the process. */
  @Get()
  async sample(): Promise<object> {
    const sample = await this.memory.sample();
    return { ...sample, growth: this.growth() };
  }

  private growth(): GrowthJson[] {
    return growthJson(this.monitor.trend(), this.monitor.outsideTrends());
  }
}
