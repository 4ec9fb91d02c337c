import { MAX_CONTAINERS } from '../watch/container-watch.js';
import type { MonitorSample } from '../watch/monitor-sample.js';

/** One metric, named by Prometheus' conventions: base units, and `_total` for counters. */
export interface Figure {
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  /** The label that distinguishes the values of this metric. Its values come from code, so their number is bounded. */
  label?: string;
  /** One value, or one for each value of the label; null if it is not known. */
  read(sample: MonitorSample): number | null | [label: string, value: number | null][];
}

const MS_PER_SECOND = 1_000;
const verdicts = ['leak', 'bounded', 'unsettled'] as const;

/**
 * All metrics except those of requests. Metrics that prom-client exports too have its names, so that existing dashboards
 * work. `heap_after_gc` follows the JVM's metrics in OpenTelemetry (`jvm.memory.used_after_last_gc`) and Micrometer
 * (`jvm.memory.usage.after.gc`).
 */
export const figures: Figure[] = [
  gauge('process_resident_memory_bytes', 'Resident set size', ({ memory }) => memory.rssBytes),
  gauge('process_virtual_memory_bytes', 'Virtual memory size', ({ memory }) => memory.vszBytes),
  gauge(
    'process_start_time_seconds',
    'Start time of the process, in seconds since 1970',
    () => performance.timeOrigin / MS_PER_SECOND,
  ),
  gauge(
    'process_open_fds',
    'Open files, sockets and other descriptors; missing where the system does not tell, as all metrics of its kind',
    ({ outside }) => outside?.openFiles ?? null,
  ),
  gauge(
    'process_max_fds',
    'The most descriptors that the process may have open; then it fails with EMFILE',
    ({ outside }) => outside?.openFilesLimit ?? null,
  ),
  gauge(
    'memory_descriptors',
    'Open descriptors by kind; missing while more than 100 are open',
    ({ outside }) => Object.entries(outside?.descriptors ?? {}),
    'kind',
  ),
  gauge(
    'memory_threads',
    'Native threads: of Node, of workers, of libraries',
    ({ outside }) => outside?.threads ?? null,
  ),
  gauge(
    'memory_child_processes',
    'Child processes that the main thread started and that have not ended, or whose exit nobody has read',
    ({ outside }) => outside?.children ?? null,
  ),
  gauge(
    'memory_resident_bytes',
    'Resident set by kind: anonymous (V8, malloc), file (libraries, mapped files), shared',
    ({ outside }) =>
      outside === null
        ? []
        : [
            ['anonymous', outside.anonymousBytes],
            ['file', outside.fileBytes],
            ['shared', outside.sharedBytes],
          ],
    'kind',
  ),
  gauge(
    'memory_outside_v8_bytes',
    'Anonymous resident set without what V8 reserved for its heap and counts as external: native memory, roughly',
    ({ outside, memory }) =>
      outside && Math.max(0, outside.anonymousBytes - memory.heapTotalBytes - memory.externalBytes),
  ),
  gauge('nodejs_heap_size_used_bytes', 'Heap used, including garbage', ({ memory }) => memory.heapUsedBytes),
  gauge(
    'nodejs_heap_size_total_bytes',
    'Heap that V8 has reserved from the operating system',
    ({ memory }) => memory.heapTotalBytes,
  ),
  gauge(
    'nodejs_external_memory_bytes',
    'Memory outside the heap that JavaScript objects own',
    ({ memory }) => memory.externalBytes,
  ),
  gauge(
    'nodejs_active_resources',
    'Number of resources that keep the event loop running, such as sockets, servers and timers',
    ({ activeResources }) => activeResources,
  ),
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'Delay of the event loop, 99th percentile since the previous sample',
    ({ eventLoopDelayMs }) => eventLoopDelayMs.p99 / MS_PER_SECOND,
  ),
  gauge(
    'memory_heap_limit_bytes',
    'Limit of the old generation; V8 aborts the process when it is exceeded',
    ({ heapLimitBytes }) => heapLimitBytes,
  ),
  gauge(
    'memory_heap_after_gc_bytes',
    'Post-GC heap: heap used after the latest major collection, without compiled code; missing before the first',
    ({ heapAfterGcBytes }) => heapAfterGcBytes,
  ),
  gauge(
    'memory_array_buffers_bytes',
    'Part of the external memory that ArrayBuffers own',
    ({ memory }) => memory.arrayBuffersBytes,
  ),
  gauge(
    'memory_heap_growth_bytes_per_second',
    'Growth rate of the post-GC heap (Theil-Sen slope) at the usual rate of requests; missing while there are too few readings',
    ({ trend }) => trend.bytesPerSecond,
  ),
  gauge(
    'memory_time_to_heap_limit_seconds',
    'Time to the heap limit at the current growth rate; +Inf unless the verdict is leak',
    ({ trend }) => trend.secondsToLimit ?? Infinity,
  ),
  gauge(
    'memory_verdict',
    '1 for the current verdict, 0 for the others',
    ({ trend }) => verdicts.map((kind) => [kind, Number(trend.verdict.kind === kind)]),
    'verdict',
  ),
  gauge(
    'memory_outside_leak',
    '1 if it grows without end (open files without accepted connections, threads, child processes), 0 if not; missing until that is settled',
    ({ outsideTrends }) =>
      outsideTrends.map(({ what, verdict: { kind } }) => [
        what,
        kind === 'unsettled' ? null : Number(kind === 'leak'),
      ]),
    'what',
  ),
  gauge(
    'memory_event_listeners',
    'Number of event listeners of the process and its HTTP server',
    ({ listeners }) => listeners,
  ),
  counter(
    'memory_gc_collections_total',
    'Collections, by kind: major of the whole heap, minor of the young generation',
    ({ gc }) => [
      ['major', gc.majors],
      ['minor', gc.minors],
    ],
    'kind',
  ),
  counter(
    'memory_gc_pause_seconds_total',
    'Total time for which collections stopped the program',
    ({ gc }) => gc.pausedMs / MS_PER_SECOND,
  ),
  gauge(
    'memory_container_entries',
    'Entries of a container: in a property of a Nest provider or controller, or tracked by MemoryService.track',
    ({ containers }) => containers.map(({ name, entries }) => [name, entries]),
    'container',
  ),
  gauge(
    'memory_container_growth_entries_per_second',
    'Growth rate of the entries over the last 60 samples (Theil-Sen slope)',
    ({ containers }) => containers.map(({ name, growthPerSecond }) => [name, growthPerSecond]),
    'container',
  ),
  gauge(
    'memory_container_utilization_ratio',
    'Used share of the declared bound, 0 to 1; missing for a container without one',
    ({ containers }) => containers.map(({ name, bound }) => [name, bound?.filled ?? null]),
    'container',
  ),
  gauge(
    'memory_container_limit_entries',
    'Declared limit of entries; missing for a container without one, or with one in other units',
    ({ containers }) =>
      containers.map(({ name, bound }) => [name, bound && countsEntries(bound) ? bound.limit : null]),
    'container',
  ),
  gauge(
    'memory_containers_omitted',
    `Containers that are not monitored because there are more than ${MAX_CONTAINERS}`,
    ({ omittedContainers }) => omittedContainers,
  ),
  counter(
    'memory_cache_hits_total',
    'Lookups of a tracked cache that found an entry',
    ({ caches }) => caches.map(({ name, hits }) => [name, hits]),
    'cache',
  ),
  counter(
    'memory_cache_misses_total',
    'Lookups of a tracked cache that found no entry',
    ({ caches }) => caches.map(({ name, misses }) => [name, misses]),
    'cache',
  ),
  counter(
    'memory_cache_evictions_total',
    'Entries that a tracked cache evicted to stay within its bound',
    ({ caches }) => caches.map(({ name, evictions }) => [name, evictions]),
    'cache',
  ),
  counter(
    'memory_cache_failures_total',
    'Lookups that a cache in another process failed to answer; missing for caches in this process',
    ({ caches }) => caches.map(({ name, failures }) => [name, failures]),
    'cache',
  ),
  gauge(
    'memory_cache_up',
    '1 if a cache in another process answers, else 0; missing for caches in this process',
    ({ caches }) => caches.map(({ name, up }) => [name, up]),
    'cache',
  ),
];

/** Bounds on sizes and lifetimes are in other units. */
function countsEntries({ declaredBy }: { declaredBy: string }): boolean {
  return !/size|bytes|ttl/i.test(declaredBy);
}

function gauge(name: string, help: string, read: Figure['read'], label?: string): Figure {
  return { name, help, type: 'gauge', read, ...(label && { label }) };
}

function counter(name: string, help: string, read: Figure['read'], label?: string): Figure {
  return { name, help, type: 'counter', read, ...(label && { label }) };
}
