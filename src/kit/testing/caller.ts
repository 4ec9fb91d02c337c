import { performance } from 'node:perf_hooks';
import { Problem } from '../problem.js';

/** The function under test. It gets the number of the call, from 0, so that each call can differ. */
export type Tested = (call: number) => unknown;

/** Tests may replace the clock, so this is the one that was there when the module was loaded. */
export const nowMs = performance.now.bind(performance);

/** Calls the function under test, and counts the calls and the time they take. */
export class Caller {
  calls = 0;
  busyMs = 0;

  constructor(private readonly tested: Tested) {}

  /** @throws Problem LEAK_LAB_CALL_FAILED, with what the function threw as its cause */
  async call(times: number): Promise<void> {
    const start = nowMs();
    const end = this.calls + times;
    try {
      for (; this.calls < end; this.calls += 1) {
        const answer = this.tested(this.calls);
        // A synchronous function is not awaited: a turn of the event loop costs more than most calls.
        if (isThenable(answer)) await answer;
      }
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new Problem(
        'LEAK_LAB_CALL_FAILED',
        `call ${this.calls + 1} of the function under test threw, and nothing was measured: ${message}`,
        { cause },
      );
    }
    this.busyMs += nowMs() - start;
  }
}

function isThenable(value: unknown): boolean {
  // The cast claims nothing: the property is checked.
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
