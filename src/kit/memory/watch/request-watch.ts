import { channel, type Channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Upper ends of the latency buckets, in seconds: each is about 2.5 times the one before. */
export const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Classes of HTTP status codes. A label with the exact code would let clients create series. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/**
 * One request in so many is timed, and only if no other is being timed. The choice depends on the arrival alone, so it
 * does not favour slow or fast requests. Storing the arrival on every request would be simpler, but gives requests two
 * shapes in V8, and then the framework reads their properties more slowly.
 */
export const TIMED_ONE_IN = 8;

/**
 * Counts the responses of all HTTP servers of this process, from Node's diagnostics channels. This works with every
 * framework and costs a fraction of an interceptor or hook.
 */
export class RequestWatch {
  /** Responses so far, by the first digit of their status. */
  readonly responses = new Float64Array(STATUS_CLASSES.length + 1);
  /** Timed requests in each bucket of `LATENCY_SECONDS`, and in a last one those that took longer. */
  readonly latencies = new Float64Array(LATENCY_SECONDS.length + 1);
  latencySumSeconds = 0;
  private before = new Float64Array(LATENCY_SECONDS.length + 1);
  private arrivals = 0;
  private timed: IncomingMessage | undefined;
  private arrivedAt = 0;
  private readonly started: Channel = channel('http.server.request.start');
  private readonly finished: Channel = channel('http.server.response.finish');

  constructor() {
    this.started.subscribe(this.onStart);
    this.finished.subscribe(this.onFinish);
  }

  stop(): void {
    this.started.unsubscribe(this.onStart);
    this.finished.unsubscribe(this.onFinish);
  }

  get total(): number {
    return this.responses.reduce((sum, count) => sum + count, 0);
  }

  /** Responses with status 500 and above. */
  get failures(): number {
    return this.responses[5] ?? 0;
  }

  /** The 99th percentile of the latency since the last call, in milliseconds; null if no request was timed. */
  nextP99Ms(): number | null {
    const since = this.latencies.map((count, bucket) => count - (this.before[bucket] ?? 0));
    this.before = this.latencies.slice();
    return percentileMs(since, 0.99);
  }

  private readonly onStart = (message: unknown): void => {
    this.arrivals += 1;
    if (this.arrivals % TIMED_ONE_IN !== 0) return;
    // A request whose connection broke never finishes, so its place is free again.
    if (this.timed && !this.timed.socket.destroyed) return;
    this.timed = (message as { request: IncomingMessage }).request;
    this.arrivedAt = performance.now();
  };

  private readonly onFinish = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    increment(this.responses, Math.trunc(response.statusCode / 100));
    if (request !== this.timed) return;
    this.timed = undefined;
    const seconds = (performance.now() - this.arrivedAt) / 1000;
    const bucket = LATENCY_SECONDS.findIndex((end) => seconds <= end);
    increment(this.latencies, bucket < 0 ? LATENCY_SECONDS.length : bucket);
    this.latencySumSeconds += seconds;
  };
}

function increment(counts: Float64Array, place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}

/** The upper end of the bucket in which a share of all requests is reached, in milliseconds; null without requests. */
function percentileMs(latencies: Float64Array, share: number): number | null {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const bucket = latencies.findIndex((count) => (seen += count) >= share * total);
  return (LATENCY_SECONDS[bucket] ?? Infinity) * 1000;
}
