import { Controller, Get, UseGuards } from '@nestjs/common';
import { LoopbackGuard } from './loopback.guard.js';
import { MemoryService } from './memory.service.js';

@Controller('memory')
@UseGuards(LoopbackGuard)
export class MemoryController {
  constructor(private readonly memory: MemoryService) {}

  /** One sample. It reads and never collects: HTTP has no way to make this process pause. */
  @Get()
  sample(): Promise<object> {
    return this.memory.sample();
  }
}
