import { AsyncLocalStorage } from 'node:async_hooks';

/** From Node 26 on, Node finds the REPL that an error belongs to. Before, REPLs use domains, which slow down every promise. */
export const NODE_ROUTES_ERRORS = 'addUncaughtExceptionCaptureCallback' in process;

/** Receives errors that code of a console throws after its line: in a timer, or in a promise that is not awaited. */
export interface Listener {
  /** Removed when its console closes: a terminated line leaves its listener behind, because no `finally` ran. */
  onError: ((error: unknown) => void) | undefined;
}

/**
 * Routes an uncaught error to the console whose code caused it. Such an error ends neither the service nor the console.
 * The service's own errors are handled as without a console.
 */
export class StrayErrors {
  private readonly origin = new AsyncLocalStorage<Listener>();
  private listening = false;

  run(listener: Listener, code: () => void): void {
    if (NODE_ROUTES_ERRORS) {
      code();
      return;
    }
    if (!this.listening) process.on('uncaughtExceptionMonitor', this.monitor);
    this.listening = true;
    this.origin.run(listener, code);
  }

  close(): void {
    process.off('uncaughtExceptionMonitor', this.monitor);
    this.origin.disable();
  }

  /**
   * Node calls the monitor before the handlers. For an error of a console, this replaces the service's handlers, which may
   * end the process, by one of ours, once.
   */
  private readonly monitor = (): void => {
    const listener = this.origin.getStore();
    if (!listener) return;
    // Node types listeners of every event as functions.
    const theirs = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const one of theirs) process.on('uncaughtException', one);
      listener.onError?.(error);
    });
  };
}
