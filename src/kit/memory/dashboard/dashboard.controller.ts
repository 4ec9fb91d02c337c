import {
  Controller,
  Get,
  Header,
  Inject,
  type MessageEvent,
  ServiceUnavailableException,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { concat, defer, finalize, map, of, type Observable } from 'rxjs';
import { UNCOUNTED } from '../../census/index.js';
import { LoopbackGuard } from '../loopback.guard.js';
import { MEMORY_OPTIONS, type MemoryOptions } from '../memory.options.js';
import { MemoryMonitor } from '../memory.monitor.js';
import type { MonitorSample } from '../watch/monitor-sample.js';
import { verdictJson, verdictText } from '../../verdict/index.js';
import { readPage } from './page.js';

/** Open pages at most: each is a connection that stays, and is told everything once a second. */
const MOST_WATCHERS = 8;
const { html, contentSecurityPolicy } = readPage();

@Controller('dashboard')
@UseGuards(LoopbackGuard)
export class DashboardController {
  static readonly [UNCOUNTED] = true;
  private watchers = 0;

  constructor(
    private readonly monitor: MemoryMonitor,
    @Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', contentSecurityPolicy)
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Referrer-Policy', 'no-referrer')
  @Header('Cache-Control', 'no-store')
  page(): string {
    return html;
  }

  /** The past first, then each look as it is taken. */
  @Sse('events')
  async events(): Promise<Observable<MessageEvent>> {
    if (this.watchers >= MOST_WATCHERS) {
      throw new ServiceUnavailableException(
        `${MOST_WATCHERS} pages watch this process already: close one of them`,
      );
    }
    const look = await this.monitor.now();
    const live = this.monitor.looks.pipe(
      map(({ look: sample, point }) => ({ type: 'look', data: { look: shown(sample), point } })),
    );
    // Counted once somebody listens for certain: who left before would never be uncounted.
    return defer(() => {
      this.watchers += 1;
      return concat(of({ type: 'history', data: this.past(look) }), live);
    }).pipe(finalize(() => (this.watchers -= 1)));
  }

  private past(look: MonitorSample) {
    return {
      pid: process.pid,
      startedAt: performance.timeOrigin,
      tags: this.options.tags ?? {},
      points: this.monitor.points(),
      look: shown(look),
    };
  }
}

/** A sample as the page reads it: its verdict in words. */
function shown(sample: MonitorSample) {
  const { verdict } = sample.trend;
  return { ...sample, trend: { ...sample.trend, verdict: verdictJson(verdict, verdictText(verdict)) } };
}
