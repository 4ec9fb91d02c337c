import type { Metric } from 'prom-client';
import { TIMED_OF, LATENCY_SECONDS, STATUS_CLASSES, type RequestWatch } from '../watch/request-watch.js';

/** The metrics of requests, with what each of them says. */
export const requestFigures = [
  {
    name: 'http_server_responses_total',
    help: 'Answers of every HTTP server of the process, by the first digit of their status',
    type: 'counter',
    label: 'status',
  },
  {
    name: 'http_server_request_duration_seconds',
    help: `From the arrival of a request to the end of its answer; at most one request in ${TIMED_OF} is timed`,
    type: 'histogram',
    label: 'le',
  },
] as const;

/**
 * The counts as prom-client's registry takes them. Its own Counter and Histogram look labels up at each observation,
 * which costs more than all the rest of the watch: here nothing is built before somebody asks.
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
        value: read()?.answers[index + 1] ?? 0,
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
  return [counted, timed] as unknown as Metric[];
}

function histogramValues(name: string, watch: RequestWatch | undefined) {
  let cumulated = 0;
  const buckets = [...LATENCY_SECONDS, '+Inf'].map((le, place) => {
    cumulated += watch?.latencies[place] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le }, value: cumulated };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: {}, value: watch?.latencySumSeconds ?? 0 },
    { metricName: `${name}_count`, labels: {}, value: cumulated },
  ];
}
