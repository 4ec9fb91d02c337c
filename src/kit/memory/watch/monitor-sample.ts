import type { Sample } from '../../process/sample.js';
import type { CacheFigures } from '../tracked.js';
import type { ContainerGrowth } from './container-watch.js';
import type { HeapTrend } from './heap-trend.js';

/** Everything that is known of the process at one moment. Counts are since its start. */
export interface MonitorSample {
  /** Milliseconds since 1970. */
  time: number;
  sample: Sample;
  /** What lasts may take so much of the heap: less than V8's own limit, in which the young generation counts. */
  heapLimitBytes: number;
  /** What was left after the latest major collection; null before the first. */
  heapAfterGcBytes: number | null;
  gc: { majors: number; minors: number; pausedMs: number };
  /** How late timers were since the look before, in milliseconds. */
  eventLoopDelayMs: { p50: number; p99: number; max: number };
  /** What keeps the process alive: sockets, servers, timers. */
  activeResources: number;
  /** Of the process and the HTTP server. */
  listeners: number;
  requests: { total: number; failures: number; perSecond: number; p99Ms: number | null };
  trend: HeapTrend;
  /** The fastest-growing first. */
  containers: ContainerGrowth[];
  /** Containers that were not watched for there being too many. */
  omittedContainers: number;
  caches: CacheFigures[];
}

/** One point of the curves. `heapAfterGcBytes` is null where no major collection came since the point before. */
export interface HistoryPoint {
  time: number;
  rssBytes: number;
  heapUsedBytes: number;
  heapAfterGcBytes: number | null;
  requestsPerSecond: number;
  eventLoopDelayMs: number;
}
