import { Controller, Get, ServiceUnavailableException, UseGuards } from '@nestjs/common';
import { UNCOUNTED } from '../../census/index.js';
import { LoopbackGuard } from '../loopback.guard.js';
import { LoadShedding, type LoadSheddingState } from './load-shedding.service.js';

export interface Health {
  state: LoadSheddingState;
  /** Liveness: true in every answer. A supervisor restarts the service if there is no answer. */
  live: boolean;
  /** Readiness: whether new requests are accepted. */
  ready: boolean;
}

@Controller('health')
@UseGuards(LoopbackGuard)
export class HealthController {
  static readonly [UNCOUNTED] = true;

  constructor(private readonly loadShedding: LoadShedding) {}

  /** Readiness, for a load balancer: 200 while requests are accepted, else 503. */
  @Get(['', 'ready'])
  ready(): Health {
    const health = this.health();
    if (!health.ready) throw new ServiceUnavailableException(health);
    return health;
  }

  /** Liveness: always 200. A process that sheds load must not be killed for it, or its crash evidence is lost. */
  @Get('live')
  live(): Health {
    return this.health();
  }

  private health(): Health {
    const { state } = this.loadShedding;
    return { state, live: true, ready: state === 'accepting' };
  }
}
