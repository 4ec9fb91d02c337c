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
import { growthText, suspectOf, suspectText } from './growth-words.js';
import { readPage } from './page.js';
import { trendLine } from './trend-line.js';

/** Most pages that may be open: each is a lasting connection that receives every sample. */
const MAX_PAGES = 8;
const { html, contentSecurityPolicy } = readPage();

@Controller('dashboard')
@UseGuards(LoopbackGuard)
export class DashboardController {
  static readonly [UNCOUNTED] = true;
  private pages = 0;

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

  /** Server-sent events: one `history`, then a `sample` for each sample of the monitor. */
  @Sse('events')
  async events(): Promise<Observable<MessageEvent>> {
    if (this.pages >= MAX_PAGES) {
      throw new ServiceUnavailableException(
        `the dashboard is open in ${MAX_PAGES} pages, which is the limit: close one of them`,
      );
    }
    const latest = await this.monitor.now();
    const live = this.monitor.samples.pipe(
      map(({ sample, point }) => ({ type: 'sample', data: { sample: this.sampleJson(sample), point } })),
    );
    // Counted on subscription: a client that disconnects earlier would never be subtracted again.
    return defer(() => {
      this.pages += 1;
      return concat(of({ type: 'history', data: this.historyJson(latest) }), live);
    }).pipe(finalize(() => (this.pages -= 1)));
  }

  private historyJson(sample: MonitorSample) {
    return {
      pid: process.pid,
      startedAt: performance.timeOrigin,
      tags: this.options.tags ?? {},
      points: this.monitor.points(),
      sample: this.sampleJson(sample),
    };
  }

  /** A sample as JSON, with what the page says and draws of it: it decides nothing. */
  private sampleJson(sample: MonitorSample) {
    const { trend, containers } = sample;
    const { verdict } = trend;
    const suspect = verdict.kind === 'leak' ? suspectOf(containers) : undefined;
    return {
      ...sample,
      trend: {
        ...trend,
        verdict: verdictJson(verdict, verdictText(verdict)),
        pieces: trendLine(this.monitor.points(), trend),
        suspect: suspectText(sample),
      },
      containers: containers.map((container) =>
        Object.assign(
          { growth: growthText(container.growthPerSecond), isSuspect: container === suspect },
          container,
        ),
      ),
    };
  }
}
