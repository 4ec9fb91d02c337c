import { channel, type Channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The upper ends of the latency classes, in seconds: each is some two and a half times the one before. */
export const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** The first digit of a status: a client can cause no more of them than there are. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/**
 * Of so many requests one is timed, when none is being timed already. Which one that is, its arrival decides and not
 * its latency. A note on each request would be simpler, but gives requests two shapes, and every property that the
 * framework reads of them then takes longer.
 */
export const TIMED_OF = 8;

/**
 * Counts what every HTTP server of this process answers, by listening to Node's own channels: whatever the framework,
 * and at a fraction of what an interceptor or a hook costs.
 */
export class RequestWatch {
  /** Answers so far, by the first digit of their status. */
  readonly answers = new Float64Array(STATUS_CLASSES.length + 1);
  /** Of requests that were timed: how many took no longer than each of `LATENCY_SECONDS`, and longer than all of them. */
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
    return this.answers.reduce((sum, count) => sum + count, 0);
  }

  /** Answers of 500 and above. */
  get failures(): number {
    return this.answers[5]!;
  }

  /** Of those since the last call: the latency that 99 % stay within, in milliseconds. Null without any. */
  nextP99Ms(): number | null {
    const since = this.latencies.map((count, place) => count - this.before[place]!);
    this.before = this.latencies.slice();
    return percentileMs(since, 0.99);
  }

  private readonly onStart = (message: unknown): void => {
    this.arrivals += 1;
    if (this.arrivals % TIMED_OF !== 0) return;
    // One whose connection broke never finishes.
    if (this.timed && !this.timed.socket.destroyed) return;
    this.timed = (message as { request: IncomingMessage }).request;
    this.arrivedAt = performance.now();
  };

  private readonly onFinish = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    this.answers[Math.trunc(response.statusCode / 100)]! += 1;
    if (request !== this.timed) return;
    this.timed = undefined;
    const seconds = (performance.now() - this.arrivedAt) / 1000;
    const place = LATENCY_SECONDS.findIndex((end) => seconds <= end);
    this.latencies[place < 0 ? LATENCY_SECONDS.length : place]! += 1;
    this.latencySumSeconds += seconds;
  };
}

/** The latency that a share of requests stays within, in milliseconds: the end of its class. Null without requests. */
function percentileMs(latencies: Float64Array, share: number): number | null {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const place = latencies.findIndex((count) => (seen += count) >= share * total);
  return (LATENCY_SECONDS[place] ?? Infinity) * 1000;
}
