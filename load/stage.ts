import { createHistogram } from 'node:perf_hooks';
import type { Round } from './round.js';

/** What the client saw of one stage of the load. */
export interface StageFigures {
  /** Null when nothing was sent; the latencies are null then, too. */
  requestsPerSecond: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Responses other than 2xx, timeouts and broken connections. */
  errors: number;
}

/** Adds up the rounds of one stage. The time between rounds, in which memory is sampled, does not count. */
export class Stage {
  /** In microseconds. */
  readonly latencies = createHistogram({ figures: 3 });
  private answered = 0;
  private errors = 0;
  private busyMs = 0;

  add(round: Round): void {
    this.answered += round.answered;
    this.errors += round.errors;
    this.busyMs += round.durationMs;
  }

  figures(): StageFigures {
    if (this.answered === 0)
      return { requestsPerSecond: null, p50Ms: null, p99Ms: null, errors: this.errors };
    return {
      requestsPerSecond: Math.round((this.answered / this.busyMs) * 1000),
      p50Ms: this.latencies.percentile(50) / 1000,
      p99Ms: this.latencies.percentile(99) / 1000,
      errors: this.errors,
    };
  }
}
