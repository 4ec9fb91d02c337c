import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EventEmitter } from 'node:events';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { Subject } from 'rxjs';
import { censusOf, UNCOUNTED } from '../census/index.js';
import { sampleOwnMemory } from '../process/sample.js';
import { oldGenerationLimitBytes } from './heap-limit.js';
import { LeakSignal } from './leak-signal.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';
import { MemoryService } from './memory.service.js';
import { cacheOf, containerOf } from './tracked.js';
import { ContainerWatch, type ContainerCount } from './watch/container-watch.js';
import { GcWatch } from './watch/gc-watch.js';
import { HeapTrendWatch } from './watch/heap-trend.js';
import { History } from './watch/history.js';
import { keptHeapBytes } from './watch/post-gc-heap.js';
import { budgetedKeys } from './watch/key-budget.js';
import type { HistoryPoint, MonitorSample } from './watch/monitor-sample.js';
import { RequestWatch } from './watch/request-watch.js';

const DEFAULT_INTERVAL_MS = 1_000;
/** Enough for a curve on any screen; at one a second, they thin out after twelve minutes. */
const HISTORY_POINTS = 720;
/**
 * How often the event loop's delay is taken. Each time wakes the process, for some 50 µs: every 20 ms that would cost
 * more than all the rest of the watch.
 */
const DELAY_RESOLUTION_MS = 100;
/** In a millisecond. */
const NANOSECONDS = 1e6;

/**
 * Looks at the process again and again, and remembers: what is left after collections, how containers grow, what is
 * answered. All of it within fixed bounds, with one timer that keeps nobody alive.
 */
@Injectable()
export class MemoryMonitor implements OnApplicationBootstrap, OnModuleDestroy {
  static readonly [UNCOUNTED] = true;
  /** Each look, when it is taken; completes when the application ends. */
  readonly looks = new Subject<{ look: MonitorSample; point: HistoryPoint }>();
  private readonly history = new History<HistoryPoint>(HISTORY_POINTS);
  private readonly heap = new HeapTrendWatch();
  private readonly containers = new ContainerWatch();
  private readonly signal = new LeakSignal((message) => new Logger('MemoryModule').warn(message));
  private readonly keysOf = budgetedKeys();
  private readonly delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  private readonly heapLimitBytes = oldGenerationLimitBytes();
  private running: { timer: NodeJS.Timeout; gc: GcWatch; requests: RequestWatch } | undefined;
  private latest: MonitorSample | undefined;
  private collected = 0;
  private failed = false;

  constructor(
    @Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions,
    private readonly memory: MemoryService,
    private readonly modules: ModulesContainer,
    private readonly adapters: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    this.delay.enable();
    this.running = {
      gc: new GcWatch(() => void this.quietly(() => this.afterMajorCollection())),
      requests: new RequestWatch(),
      timer: setInterval(
        () => void this.quietly(() => this.look()),
        this.options.intervalMs ?? DEFAULT_INTERVAL_MS,
      ).unref(),
    };
  }

  onModuleDestroy(): void {
    this.stop();
    this.looks.complete();
  }

  /** Ends the watching. What was seen stays readable. */
  stop(): void {
    this.delay.disable();
    if (!this.running) return;
    clearInterval(this.running.timer);
    this.running.gc.stop();
    this.running.requests.stop();
    this.running = undefined;
  }

  /** The requests since the start, by status and latency; undefined when nobody watches. */
  get requests(): RequestWatch | undefined {
    return this.running?.requests;
  }

  points(): readonly HistoryPoint[] {
    return this.history.values();
  }

  /** The latest look, or a first one. */
  async now(): Promise<MonitorSample> {
    return this.latest ?? this.look();
  }

  private afterMajorCollection(): void {
    if (!this.running) return;
    const heapBytes = keptHeapBytes();
    this.collected = heapBytes;
    const taken = this.heap.add({
      second: process.uptime(),
      requests: this.running.requests.total,
      heapBytes,
      externalBytes: process.memoryUsage().external,
      filling: this.containers.filling(),
    });
    if (taken) this.signal.tell(this.heap.trend(this.heapLimitBytes), this.containers.suspect());
  }

  /** What watches the service must not end it: a look that fails is told once. */
  private async quietly(look: () => unknown): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (!this.failed) new Logger('MemoryModule').warn(`memory cannot be looked at: ${String(error)}`);
      this.failed = true;
    }
  }

  /** Takes a look now, beside those of the timer. */
  async look(): Promise<MonitorSample> {
    const sample = await sampleOwnMemory();
    this.containers.look(process.uptime(), this.counts());
    const time = Date.now();
    const { gc, requests } = this.running ?? {};
    const total = requests?.total ?? 0;
    const before = this.latest;
    const look: MonitorSample = {
      time,
      sample,
      heapLimitBytes: this.heapLimitBytes,
      heapAfterGcBytes: this.collected || null,
      gc: { majors: gc?.majors ?? 0, minors: gc?.minors ?? 0, pausedMs: gc?.pausedMs ?? 0 },
      eventLoopDelayMs: this.eventLoopDelay(),
      activeResources: process.getActiveResourcesInfo().length,
      listeners:
        listenersOf(process) + listenersOf(this.adapters.httpAdapter?.getHttpServer() as EventEmitter),
      requests: {
        total,
        failures: requests?.failures ?? 0,
        perSecond: before ? ((total - before.requests.total) / Math.max(1, time - before.time)) * 1000 : 0,
        p99Ms: requests?.nextP99Ms() ?? null,
      },
      trend: this.heap.trend(this.heapLimitBytes),
      containers: this.containers.growing(),
      omittedContainers: this.containers.omitted,
      caches: this.memory.parts().flatMap(([name, figures]) => cacheOf(name, figures) ?? []),
    };
    this.latest = look;
    const point = pointOf(look, before);
    this.history.offer(point);
    this.looks.next({ look, point });
    return look;
  }

  /** What Nest's providers hold comes first: of two that grow alike, their names say more. */
  private counts(): ContainerCount[] {
    const census = censusOf(this.modules, this.keysOf);
    const tracked = this.memory.parts().flatMap(([name, figures]) => containerOf(name, figures) ?? []);
    return [...census.map(({ name, type, entries, bound }) => ({ name, type, entries, bound })), ...tracked];
  }

  private eventLoopDelay(): MonitorSample['eventLoopDelayMs'] {
    const { delay } = this;
    const seen =
      delay.count === 0
        ? { p50: 0, p99: 0, max: 0 }
        : { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) };
    delay.reset();
    return seen;
  }
}

/** The timer's own period is part of what it measures. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NANOSECONDS - DELAY_RESOLUTION_MS);
}

function pointOf(look: MonitorSample, before: MonitorSample | undefined): HistoryPoint {
  const { sample, gc, requests, eventLoopDelayMs } = look;
  return {
    time: look.time,
    rssBytes: sample.rssBytes,
    heapUsedBytes: sample.heapUsedBytes,
    heapAfterGcBytes: gc.majors > (before?.gc.majors ?? 0) ? look.heapAfterGcBytes : null,
    requestsPerSecond: requests.perSecond,
    eventLoopDelayMs: eventLoopDelayMs.p99,
  };
}

function listenersOf(emitter: EventEmitter | undefined): number {
  if (typeof emitter?.eventNames !== 'function') return 0;
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
