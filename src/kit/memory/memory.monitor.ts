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
import { outsideSample } from '../outside/index.js';
import { sampleOwnMemory } from '../process/sample.js';
import { oldGenerationLimitBytes } from '../process/heap-limit.js';
import { LeakSignal } from './leak-signal.js';
import { MEMORY_OPTIONS, type MemoryOptions } from './memory.options.js';
import { MemoryService } from './memory.service.js';
import { acceptedConnections, httpServerOf, listenersOf } from './http-server.js';
import { OutsideSignal } from './outside-signal.js';
import { cacheOf, containerOf } from './tracked.js';
import { ContainerWatch, type ContainerCount } from './watch/container-watch.js';
import { EventLoopDelay } from './watch/event-loop-delay.js';
import { GcWatch } from './watch/gc-watch.js';
import { type HeapTrend, HeapTrendWatch } from './watch/heap-trend.js';
import { History } from './watch/history.js';
import { budgetedKeys } from './watch/key-budget.js';
import { historyPointOf, type HistoryPoint, type MonitorSample } from './watch/monitor-sample.js';
import { type OutsideTrend, OutsideTrendWatch } from './watch/outside-trend.js';
import { postGcHeapBytes } from './watch/post-gc-heap.js';
import { RequestWatch } from './watch/request-watch.js';

const DEFAULT_INTERVAL_MS = 1_000;
/** As many points as a chart can show. With one sample per second, every second one is dropped after 12 minutes. */
const HISTORY_POINTS = 720;

/**
 * Takes samples of this process: post-GC heap, growth of containers, responses. Memory is bounded, and its one timer does
 * not keep the process running.
 */
@Injectable()
export class MemoryMonitor implements OnApplicationBootstrap, OnModuleDestroy {
  static readonly [UNCOUNTED] = true;
  /** Emits each sample; completes when the application ends. */
  readonly samples = new Subject<{ sample: MonitorSample; point: HistoryPoint }>();
  private readonly history = new History<HistoryPoint>(HISTORY_POINTS);
  private readonly heap = new HeapTrendWatch();
  private readonly containers = new ContainerWatch();
  private readonly outside = new OutsideTrendWatch();
  private readonly signal = new LeakSignal((message) => new Logger('MemoryModule').warn(message));
  private readonly outsideSignal = new OutsideSignal((message) => new Logger('MemoryModule').warn(message));
  private readonly keysOf = budgetedKeys();
  private readonly delay = new EventLoopDelay();
  private readonly heapLimitBytes = oldGenerationLimitBytes();
  private running: { timer: NodeJS.Timeout; gc: GcWatch; requests: RequestWatch } | undefined;
  private latest: MonitorSample | undefined;
  private heapAfterGcBytes: number | null = null;
  private hasFailed = false;

  constructor(
    @Inject(MEMORY_OPTIONS) private readonly options: MemoryOptions,
    private readonly memory: MemoryService,
    private readonly modules: ModulesContainer,
    private readonly adapters: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    this.delay.start();
    this.running = {
      gc: new GcWatch(() => void this.safely(() => this.afterMajorCollection())),
      requests: new RequestWatch(),
      timer: setInterval(
        () => void this.safely(() => this.takeSample()),
        this.options.intervalMs ?? DEFAULT_INTERVAL_MS,
      ).unref(),
    };
  }

  onModuleDestroy(): void {
    this.stop();
    this.samples.complete();
  }

  /** Stops the monitoring. Earlier samples can still be read. */
  stop(): void {
    this.delay.stop();
    if (!this.running) return;
    clearInterval(this.running.timer);
    this.running.gc.stop();
    this.running.requests.stop();
    this.running = undefined;
  }

  /** Counts of requests since the start, by status and latency; undefined if the monitoring is stopped. */
  get requests(): RequestWatch | undefined {
    return this.running?.requests;
  }

  /** The judgement on V8's memory. */
  trend(): HeapTrend {
    return this.heap.trend(this.heapLimitBytes);
  }

  /** The judgements on what is open outside V8. */
  outsideTrends(): readonly OutsideTrend[] {
    return this.outside.trends();
  }

  points(): readonly HistoryPoint[] {
    return this.history.values();
  }

  /** The latest sample; the first one is taken if there is none. */
  async now(): Promise<MonitorSample> {
    return this.latest ?? this.takeSample();
  }

  /** Takes a sample now, in addition to those of the timer. */
  async takeSample(): Promise<MonitorSample> {
    const memory = await sampleOwnMemory();
    this.containers.add(process.uptime(), this.counts());
    const time = Date.now();
    const { gc } = this.running ?? {};
    const before = this.latest;
    const sample: MonitorSample = {
      time,
      memory,
      outside: outsideSample(process.pid),
      heapLimitBytes: this.heapLimitBytes,
      heapAfterGcBytes: this.heapAfterGcBytes,
      gc: { majors: gc?.majors ?? 0, minors: gc?.minors ?? 0, pausedMs: gc?.pausedMs ?? 0 },
      eventLoopDelayMs: this.delay.next(),
      activeResources: process.getActiveResourcesInfo().length,
      listeners: listenersOf(process) + listenersOf(httpServerOf(this.adapters)),
      requests: this.requestFigures(time, before),
      trend: this.trend(),
      outsideTrends: this.outsideTrends(),
      containers: this.containers.byGrowth(),
      omittedContainers: this.containers.omitted,
      caches: this.memory.parts().flatMap(([name, figures]) => cacheOf(name, figures) ?? []),
    };
    this.latest = sample;
    const point = historyPointOf(sample, before);
    this.history.offer(point);
    this.samples.next({ sample, point });
    return sample;
  }

  private async afterMajorCollection(): Promise<void> {
    if (!this.running) return;
    this.judgeHeap(this.running.requests.total);
    await this.judgeOutside(this.running.requests.total);
  }

  private judgeHeap(requests: number): void {
    const heapBytes = postGcHeapBytes();
    this.heapAfterGcBytes = heapBytes;
    const isStored = this.heap.add({
      second: process.uptime(),
      requests,
      heapBytes,
      externalBytes: process.memoryUsage().external,
      filling: this.containers.isFilling(),
    });
    if (isStored) this.signal.update(this.trend(), this.containers.suspect());
  }

  private async judgeOutside(requests: number): Promise<void> {
    const now = outsideSample(process.pid);
    if (now === null) return;
    const accepted = await acceptedConnections(httpServerOf(this.adapters));
    const isStored = this.outside.add({
      second: process.uptime(),
      requests,
      'open-files': now.openFiles - accepted,
      threads: now.threads,
      children: now.children ?? 0,
    });
    if (isStored) this.outsideSignal.update(this.outside.trends());
  }

  /** Monitoring must not end the service: the first failure is logged, the others are ignored. */
  private async safely(measure: () => unknown): Promise<void> {
    try {
      await measure();
    } catch (error) {
      if (!this.hasFailed) new Logger('MemoryModule').warn(`memory could not be measured: ${String(error)}`);
      this.hasFailed = true;
    }
  }

  /** Containers of providers come before tracked parts, because of two with equal growth their names say more. */
  private counts(): ContainerCount[] {
    const census = censusOf(this.modules, this.keysOf);
    const tracked = this.memory.parts().flatMap(([name, figures]) => containerOf(name, figures) ?? []);
    return [...census.map(({ name, type, entries, bound }) => ({ name, type, entries, bound })), ...tracked];
  }

  private requestFigures(time: number, before: MonitorSample | undefined): MonitorSample['requests'] {
    const { requests } = this;
    const total = requests?.total ?? 0;
    return {
      total,
      failures: requests?.failures ?? 0,
      perSecond: before ? ((total - before.requests.total) / Math.max(1, time - before.time)) * 1000 : 0,
      p99Ms: requests?.nextP99Ms() ?? null,
    };
  }
}
