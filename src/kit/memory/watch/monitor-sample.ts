import type { OutsideSample } from '../../outside/index.js';
import type { Sample } from '../../process/sample.js';
import type { CacheFigures } from '../tracked.js';
import type { ContainerGrowth } from './container-watch.js';
import type { DelayMs } from './event-loop-delay.js';
import type { HeapTrend } from './heap-trend.js';
import type { OutsideTrend } from './outside-trend.js';

/** Everything that is known of the process at one moment. Counts are since its start. */
export interface MonitorSample {
  /** Milliseconds since 1970. */
  time: number;
  memory: Sample;
  /** What is open, and the resident set by kind; null where the system does not tell. */
  outside: OutsideSample | null;
  /** Limit of the old generation: less than V8's own figure, which includes the young generation. */
  heapLimitBytes: number;
  /** The post-GC heap at the latest major collection; null before the first. */
  heapAfterGcBytes: number | null;
  gc: { majors: number; minors: number; pausedMs: number };
  /** Since the sample before. */
  eventLoopDelayMs: DelayMs;
  /** Number of resources that keep the event loop running: sockets, servers, timers. */
  activeResources: number;
  /** Number of event listeners of the process and its HTTP server. */
  listeners: number;
  requests: { total: number; failures: number; perSecond: number; p99Ms: number | null };
  trend: HeapTrend;
  /** What is open, judged over the life of the process; empty before enough major collections. */
  outsideTrends: readonly OutsideTrend[];
  /** The fastest-growing first. */
  containers: ContainerGrowth[];
  /** Containers that are not monitored, because there are too many. */
  omittedContainers: number;
  caches: CacheFigures[];
}

/** One point of the charts. */
export interface HistoryPoint {
  time: number;
  rssBytes: number;
  heapUsedBytes: number;
  /** Null if there was no major collection since the point before. */
  heapAfterGcBytes: number | null;
  requestsPerSecond: number;
  eventLoopDelayMs: number;
}

/** @param before the sample before; undefined for the first */
export function historyPointOf(sample: MonitorSample, before: MonitorSample | undefined): HistoryPoint {
  const { time, memory, gc, requests, eventLoopDelayMs, heapAfterGcBytes } = sample;
  return {
    time,
    rssBytes: memory.rssBytes,
    heapUsedBytes: memory.heapUsedBytes,
    heapAfterGcBytes: gc.majors > (before?.gc.majors ?? 0) ? heapAfterGcBytes : null,
    requestsPerSecond: requests.perSecond,
    eventLoopDelayMs: eventLoopDelayMs.p99,
  };
}
