import type { Metric } from 'prom-client';
import { TIMED_ONE_IN, LATENCY_SECONDS, STATUS_CLASSES, type RequestWatch } from '../watch/request-watch.js';

/** The metrics of requests. */
export const requestFigures = [
  {
    name: 'http_server_responses_total',
    help: 'Responses of all HTTP servers of the process, by status class',
    type: 'counter',
    label: 'status',
  },
  {
    name: 'http_server_request_duration_seconds',
    help: `Time from the arrival of a request to the end of its response; at most one request in ${TIMED_ONE_IN} is timed`,
    type: 'histogram',
    label: 'le',
  },
] as const;

/**
 * The counts in the form that prom-client's registry reads. Its own Counter and Histogram resolve labels at each
 * observation, which costs more than the rest of the monitoring. Here values are built at each scrape.
 */
export function requestMetrics(read: () => RequestWatch | undefined): Metric[] {
  const [responses, durations] = requestFigures;
  const counted = {
    ...responses,
    aggregator: 'sum',
    get: async () => ({
      ...responses,
      aggregator: 'sum',
      values: STATUS_CLASSES.map((status, index) => ({
        labels: { status },
        value: read()?.responses[index + 1] ?? 0,
      })),
    }),
    reset() {},
  };
  const timed = {
    ...durations,
    aggregator: 'sum',
    get: async () => ({ ...durations, aggregator: 'sum', values: histogramValues(durations.name, read()) }),
    reset() {},
  };
  // A registry calls `get` and `reset` only; prom-client's type is a class with private members.
  return [counted, timed] as unknown as Metric[];
}

function histogramValues(name: string, watch: RequestWatch | undefined) {
  let cumulated = 0;
  const buckets = [...LATENCY_SECONDS, '+Inf'].map((le, bucket) => {
    cumulated += watch?.latencies[bucket] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le }, value: cumulated };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: {}, value: watch?.latencySumSeconds ?? 0 },
    { metricName: `${name}_count`, labels: {}, value: cumulated },
  ];
}
