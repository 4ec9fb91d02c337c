const STOP = Symbol.for('leak-lab.stop');

/** How far the two threads are in stopping a loop. */
export const [NOTHING, LOOKING, CAUGHT, ORDERED] = [0, 1, 2, 3];

/** The order comes at once, or when a machine that is busy lets the other thread go on. */
const ORDERED_WITHIN_MS = 60_000;

/** An error that nobody is to be shown: it stands for a loop that is about to be stopped. */
export const STOPPED = new Error('stopped by the console');

/** What a client's lines are called on a stack. */
export const scriptOf = (client: number): string => `REPL${client}`;

/** Lets another thread stop code of the console in this one. @returns where the two agree. */
export function offerToStop(): Int32Array {
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const value = (script: string): void => waitForOrder(script, state);
  Object.defineProperty(globalThis, STOP, { value, configurable: true });
  return state;
}

/** To evaluate in the thread that made the offer, in the midst of whatever it runs, once the state is LOOKING. */
export const expressionToLook = (client: number): string =>
  `globalThis[Symbol.for('${STOP.description}')]?.('${scriptOf(client)}')`;

/**
 * Whether there is something to stop is decided here, where nothing moves meanwhile. The inspector of Node hands
 * over all that was posted before it lets the code below go on: an order that is posted while this waits finds the
 * stack as it was seen.
 */
function waitForOrder(script: string, state: Int32Array): void {
  const next = isOnStack(script) ? CAUGHT : NOTHING;
  const isWaitedFor = Atomics.compareExchange(state, 0, LOOKING, next) === LOOKING;
  Atomics.notify(state, 0);
  if (!isWaitedFor || next !== CAUGHT) return;
  emptyAsyncStack();
  Atomics.wait(state, 0, CAUGHT, ORDERED_WITHIN_MS);
}

/** Whether this script's code runs: calls it has made, what awaits its end, code that it made from a string. */
function isOnStack(script: string): boolean {
  const { stackTraceLimit } = Error;
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  try {
    Error.stackTraceLimit = Infinity;
    Error.prepareStackTrace = (_, sites) =>
      sites.some((site) => site.getFileName() === script || site.getEvalOrigin()?.includes(`${script}:`));
    return new Error().stack as unknown as boolean;
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/**
 * Termination skips what takes callbacks off Node's stack of async ids, and Node aborts a process whose stack is
 * then not as it should be. The one thing that empties it is an error that was handled.
 */
function emptyAsyncStack(): void {
  if (process.hasUncaughtExceptionCaptureCallback()) return; // the service's, which is not to hear of this
  const own = Object.getOwnPropertyDescriptor(process, 'emit');
  try {
    Object.defineProperty(process, 'emit', { value: () => true, configurable: true });
    (process as { _fatalException?: (error: Error) => boolean })._fatalException?.(STOPPED);
  } finally {
    if (own) Object.defineProperty(process, 'emit', own);
    else Reflect.deleteProperty(process, 'emit');
  }
}
