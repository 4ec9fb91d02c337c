import { performance } from 'node:perf_hooks';
import { Problem } from '../problem.js';

/** What is tested; gets the number of the call, from 0, to make each differ. */
export type Tested = (call: number) => unknown;

/** Tests replace clocks: this is the one that was there when the module was loaded. */
export const nowMs = performance.now.bind(performance);

/** Calls the function under test, and keeps count of how often and for how long. */
export class Caller {
  calls = 0;
  busyMs = 0;

  constructor(private readonly tested: Tested) {}

  /** @throws Problem LEAK_LAB_CALL_FAILED with what the function threw as its cause */
  async call(times: number): Promise<void> {
    const start = nowMs();
    const end = this.calls + times;
    try {
      for (; this.calls < end; this.calls += 1) {
        const answer = this.tested(this.calls);
        // A function that answers at once is not made to wait: a turn of the event loop costs more than most calls.
        if (isThenable(answer)) await answer;
      }
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new Problem(
        'LEAK_LAB_CALL_FAILED',
        `call ${this.calls + 1} of the function under test threw, so that nothing was measured: ${said}`,
        { cause },
      );
    }
    this.busyMs += nowMs() - start;
  }
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
