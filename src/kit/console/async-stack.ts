const PREPARE = Symbol.for('leak-lab.prepare-to-stop');
/** Until Node 24, AsyncLocalStorage is made of promise hooks, and these of a stack that must balance. */
const HAS_PROMISE_HOOKS = Number(process.versions.node.split('.')[0]) < 24;
/** Longer than a message between threads takes, shorter than anybody notices. */
const ARRIVES_WITHIN_MS = 20;

type Process = NodeJS.Process & { _fatalException?: (error: Error) => boolean };

/**
 * Termination skips the hooks that run after a promise's callback, and Node aborts a process whose stack of async
 * ids is then not empty. The one thing that empties it is an error that was handled.
 *
 * @returns an expression to evaluate in this thread just before it is terminated; empty where there is no need.
 */
export function prepareToStop(): string {
  if (!HAS_PROMISE_HOOKS) return '';
  Object.defineProperty(globalThis, PREPARE, { value: emptyAsyncStack, configurable: true });
  return `globalThis[Symbol.for('${PREPARE.description}')]()`;
}

function emptyAsyncStack(): void {
  if (!process.hasUncaughtExceptionCaptureCallback()) {
    const events = ['uncaughtException', 'uncaughtExceptionMonitor'];
    const theirs = events.map((event) => [event, process.rawListeners(event)] as const);
    for (const event of events) process.removeAllListeners(event);
    process.once('uncaughtException', () => {});
    (process as Process)._fatalException?.(new Error('stopped by the console'));
    for (const [event, listeners] of theirs) {
      for (const one of listeners) process.on(event, one as () => void);
    }
  }
  // The order to stop is on its way. Until it is here nothing may run: it would fill the stack again.
  const until = performance.now() + ARRIVES_WITHIN_MS;
  while (performance.now() < until);
}
