import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Each measurement wakes the process, for about 50 µs. At Node's default of 10 ms that would cost more than the rest of
 * the monitoring.
 */
const RESOLUTION_MS = 100;
const NANOSECONDS_PER_MS = 1e6;

/** How late timers fire, in milliseconds. */
export interface DelayMs {
  p50: number;
  p99: number;
  max: number;
}

/** Measures the delay of the event loop. */
export class EventLoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  start(): void {
    this.histogram.enable();
  }

  stop(): void {
    this.histogram.disable();
  }

  /** The delay since the last call; zeros if nothing was measured. */
  next(): DelayMs {
    const { histogram } = this;
    const delay =
      histogram.count === 0
        ? { p50: 0, p99: 0, max: 0 }
        : {
            p50: delayMs(histogram.percentile(50)),
            p99: delayMs(histogram.percentile(99)),
            max: delayMs(histogram.max),
          };
    histogram.reset();
    return delay;
  }
}

/** Node's histogram includes the period of its own timer. */
function delayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NANOSECONDS_PER_MS - RESOLUTION_MS);
}
