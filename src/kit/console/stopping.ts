const STOP = Symbol.for('leak-lab.stop');

/** The states of stopping a loop, in memory that both threads share. */
export const [IDLE, CHECKING, CAUGHT, ORDERED] = [0, 1, 2, 3];

/** The order comes at once, unless the machine is busy. */
const ORDERED_WITHIN_MS = 60_000;

/** Never shown: it marks a loop that is about to be stopped. */
export const STOPPED = new Error('stopped by the console');

/** The script name of a client's lines, as stack traces have it. */
export const scriptOf = (client: number): string => `REPL${client}`;

/** Lets another thread stop code of the console in this one. @returns the shared state */
export function allowStopping(): Int32Array {
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const value = (script: string): void => waitForOrder(script, state);
  Object.defineProperty(globalThis, STOP, { value, configurable: true });
  return state;
}

/** Evaluated by the inspector in the main thread, between two instructions of what it runs, in state CHECKING. */
export const expressionToCheck = (client: number): string =>
  `globalThis[Symbol.for('${STOP.description}')]?.('${scriptOf(client)}')`;

/**
 * Decides whether there is something to stop. It runs in the main thread, so the stack does not change meanwhile. Node's
 * inspector delivers all posted messages before the code below it continues, so an order that is posted while this waits
 * meets the same stack.
 */
function waitForOrder(script: string, state: Int32Array): void {
  const next = isOnStack(script) ? CAUGHT : IDLE;
  const isAwaited = Atomics.compareExchange(state, 0, CHECKING, next) === CHECKING;
  Atomics.notify(state, 0);
  if (!isAwaited || next !== CAUGHT) return;
  emptyAsyncStack();
  Atomics.wait(state, 0, CAUGHT, ORDERED_WITHIN_MS);
}

/** Whether code of this script runs: its own frames, code that awaits it, or code that it evaluated from a string. */
function isOnStack(script: string): boolean {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  try {
    Error.stackTraceLimit = Infinity;
    Error.prepareStackTrace = (_, sites) =>
      sites.some((site) => site.getFileName() === script || site.getEvalOrigin()?.includes(`${script}:`));
    return new Error().stack as unknown as boolean; // what `prepareStackTrace` returned
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/**
 * Termination skips the code that removes callbacks from Node's stack of async ids, and Node aborts a process whose stack
 * is inconsistent. Only a handled error empties that stack, so this raises one.
 */
function emptyAsyncStack(): void {
  if (process.hasUncaughtExceptionCaptureCallback()) return; // it is the service's, and must not see this error
  const own = Object.getOwnPropertyDescriptor(process, 'emit');
  try {
    Object.defineProperty(process, 'emit', { value: () => true, configurable: true });
    // Node's internal entry for uncaught errors; it is not in Node's types.
    (process as { _fatalException?: (error: Error) => boolean })._fatalException?.(STOPPED);
  } finally {
    if (own) Object.defineProperty(process, 'emit', own);
    else Reflect.deleteProperty(process, 'emit');
  }
}
