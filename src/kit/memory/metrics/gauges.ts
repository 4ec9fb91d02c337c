import type { MonitorSample } from '../watch/monitor-sample.js';

/** One figure, by Prometheus' conventions: base units, and `_total` for what only rises. */
export interface Figure {
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  /** What tells the values of this metric apart: few, and named by code. */
  label?: string;
  /** One value, or one for each label; none where it is not known. */
  read(look: MonitorSample): number | null | [label: string, value: number | null][];
}

const MILLISECONDS = 1_000;
const verdicts = ['leak', 'bounded', 'unsettled'] as const;

/** Every metric but those of requests. Names that other Node services have too are those of prom-client. */
export const figures: Figure[] = [
  gauge('process_resident_memory_bytes', 'Resident set', ({ sample }) => sample.rssBytes),
  gauge('process_virtual_memory_bytes', 'Virtual memory', ({ sample }) => sample.vszBytes),
  gauge(
    'process_start_time_seconds',
    'When the process started, in seconds since 1970',
    () => performance.timeOrigin / MILLISECONDS,
  ),
  gauge('nodejs_heap_size_used_bytes', 'Heap in use, garbage included', ({ sample }) => sample.heapUsedBytes),
  gauge(
    'nodejs_heap_size_total_bytes',
    'Heap that V8 has taken from the system',
    ({ sample }) => sample.heapTotalBytes,
  ),
  gauge(
    'nodejs_external_memory_bytes',
    'Memory outside the heap that objects in it own',
    ({ sample }) => sample.externalBytes,
  ),
  gauge(
    'nodejs_active_resources',
    'Sockets, servers, timers and others that keep the process alive',
    ({ activeResources }) => activeResources,
  ),
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'How late timers were, 99th percentile since the look before',
    ({ eventLoopDelayMs }) => eventLoopDelayMs.p99 / MILLISECONDS,
  ),
  gauge(
    'memory_heap_limit_bytes',
    'Where V8 gives up: what lasts may take so much of the heap',
    ({ heapLimitBytes }) => heapLimitBytes,
  ),
  gauge(
    'memory_heap_after_gc_bytes',
    'What the program keeps on the heap: in use after the latest major collection',
    ({ heapAfterGcBytes }) => heapAfterGcBytes,
  ),
  gauge(
    'memory_array_buffers_bytes',
    'The part of external memory that ArrayBuffers own',
    ({ sample }) => sample.arrayBuffersBytes,
  ),
  gauge(
    'memory_growth_bytes_per_second',
    'Robust slope of the heap after major collections; missing while there are too few',
    ({ trend }) => trend.bytesPerSecond,
  ),
  gauge(
    'memory_time_to_heap_limit_seconds',
    'Until the heap limit at this growth; +Inf unless the verdict is leak',
    ({ trend }) => trend.secondsToLimit ?? Infinity,
  ),
  gauge(
    'memory_verdict',
    '1 for the verdict that holds now, 0 for the others',
    ({ trend }) => verdicts.map((kind) => [kind, Number(trend.verdict.kind === kind)]),
    'verdict',
  ),
  gauge('memory_listeners', 'Listeners of the process and its HTTP server', ({ listeners }) => listeners),
  counter('memory_gc_major_total', 'Collections of the whole heap', ({ gc }) => gc.majors),
  counter('memory_gc_minor_total', 'Collections of the young generation', ({ gc }) => gc.minors),
  counter(
    'memory_gc_pause_seconds_total',
    'How long the program stood still for collections',
    ({ gc }) => gc.pausedMs / MILLISECONDS,
  ),
  gauge(
    'memory_container_entries',
    'Entries of a container that Nest can reach, or that is tracked',
    ({ containers }) => containers.map(({ name, entries }) => [name, entries]),
    'container',
  ),
  gauge(
    'memory_container_growth_per_second',
    'Robust slope of its entries over the last looks',
    ({ containers }) => containers.map(({ name, growthPerSecond }) => [name, growthPerSecond]),
    'container',
  ),
  gauge(
    'memory_container_utilization_ratio',
    'How much of its bound is used, 0 to 1; missing for a container that declares none',
    ({ containers }) => containers.map(({ name, bound }) => [name, bound?.filled ?? null]),
    'container',
  ),
  gauge(
    'memory_container_limit_entries',
    'The most entries that it declares; missing where it declares none, or counts something else',
    ({ containers }) =>
      containers.map(({ name, bound }) => [name, bound && countsEntries(bound) ? bound.limit : null]),
    'container',
  ),
  gauge(
    'memory_containers_omitted',
    'Containers that are not watched, for there being too many',
    ({ omittedContainers }) => omittedContainers,
  ),
  counter(
    'memory_cache_hits_total',
    'MonitorSample-ups of a tracked cache that found something',
    ({ caches }) => caches.map(({ name, hits }) => [name, hits]),
    'cache',
  ),
  counter(
    'memory_cache_misses_total',
    'MonitorSample-ups of a tracked cache that found nothing',
    ({ caches }) => caches.map(({ name, misses }) => [name, misses]),
    'cache',
  ),
  counter(
    'memory_cache_evictions_total',
    'Entries that a tracked cache has let go of to stay within its bound',
    ({ caches }) => caches.map(({ name, evictions }) => [name, evictions]),
    'cache',
  ),
  counter(
    'memory_cache_failures_total',
    'MonitorSample-ups that a cache of another process failed to answer; missing for those of this one',
    ({ caches }) => caches.map(({ name, failures }) => [name, failures]),
    'cache',
  ),
  gauge(
    'memory_cache_up',
    '1 while a cache of another process answers, else 0; missing for those of this one',
    ({ caches }) => caches.map(({ name, up }) => [name, up]),
    'cache',
  ),
];

/** Sizes and lifetimes are bounds too, in units of their own. */
function countsEntries({ declaredBy }: { declaredBy: string }): boolean {
  return !/size|bytes|ttl/i.test(declaredBy);
}

function gauge(name: string, help: string, read: Figure['read'], label?: string): Figure {
  return { name, help, type: 'gauge', read, ...(label && { label }) };
}

function counter(name: string, help: string, read: Figure['read'], label?: string): Figure {
  return { name, help, type: 'counter', read, ...(label && { label }) };
}
