import { Controller, Get, UseGuards } from '@nestjs/common';
import { LoopbackGuard } from './loopback.guard.js';
import { MemoryService } from './memory.service.js';

@Controller('memory')
@UseGuards(LoopbackGuard)
export class MemoryController {
  constructor(private readonly memory: MemoryService) {}

  /** One sample. It does not force a collection: a request must not be able to stop the process. */
  @Get()
  sample(): Promise<object> {
    return this.memory.sample();
  }
}
