import type { InspectorSession } from '../../process/session.js';

/** The first and the last share of the rounds are compared. */
const COMPARED_SHARE = 1 / 3;
/** A thread that is busy for less than this share of the time is idle: its timers alone do as much. */
const LEAST_BUSY = 0.01;
/** Traffic has stopped, or nearly, where the thread is busy for less than this share of what it was. */
const STOPPED_SHARE = 0.3;

/**
 * How busy the target's event loop was in each round of existing traffic. Where the traffic stops half-way, so does a
 * leak, and the series looks like that of a container that is full.
 */
export class Traffic {
  readonly #session: InspectorSession;
  readonly #shares: number[] = [];

  constructor(session: InspectorSession) {
    this.#session = session;
  }

  /** Does a round of work. Collections that are forced between rounds are not counted. */
  async during(round: () => Promise<number>): Promise<number> {
    const before = await this.#clock();
    const done = await round();
    const after = await this.#clock();
    this.#shares.push((after.busyMs - before.busyMs) / Math.max(1, after.ms - before.ms));
    return done;
  }

  hasStopped(): boolean {
    return hasStopped(this.#shares);
  }

  async #clock(): Promise<{ busyMs: number; ms: number }> {
    const { result } = await this.#session.post('Runtime.evaluate', {
      expression: `({ busyMs: performance.eventLoopUtilization?.().active ?? 0, ms: performance.now() })`,
      returnByValue: true,
      silent: true,
    });
    return (result.value as { busyMs: number; ms: number } | undefined) ?? { busyMs: 0, ms: 0 };
  }
}

/** @param shares of the time of each round in which the event loop was busy */
export function hasStopped(shares: readonly number[]): boolean {
  const compared = Math.floor(COMPARED_SHARE * shares.length);
  if (compared === 0) return false;
  const [early, late] = [median(shares.slice(0, compared)), median(shares.slice(-compared))];
  return early >= LEAST_BUSY && late < STOPPED_SHARE * early;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
