import { Controller, Get, ServiceUnavailableException, UseGuards } from '@nestjs/common';
import { UNCOUNTED } from '../../census/index.js';
import { LoopbackGuard } from '../loopback.guard.js';
import { LoadShedding, type LoadSheddingState } from './load-shedding.service.js';

export interface Health {
  state: LoadSheddingState;
  /** Whether it runs as it should: false means start it again. */
  live: boolean;
  /** Whether to send it requests. */
  ready: boolean;
}

@Controller('health')
@UseGuards(LoopbackGuard)
export class HealthController {
  static readonly [UNCOUNTED] = true;

  constructor(private readonly loadShedding: LoadShedding) {}

  /** 200 while it takes requests, 503 while it refuses them: readiness, for a load balancer. */
  @Get(['', 'ready'])
  ready(): Health {
    const health = this.health();
    if (!health.ready) throw new ServiceUnavailableException(health);
    return health;
  }

  /** 200 as long as anything is answered: one that refuses is not to be killed for it, or evidence is lost. */
  @Get('live')
  live(): Health {
    return this.health();
  }

  private health(): Health {
    const { state } = this.loadShedding;
    return { state, live: true, ready: state === 'open' };
  }
}
