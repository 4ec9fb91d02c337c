import { AsyncLocalStorage } from 'node:async_hooks';

/** Node 26 knows by itself which REPL an error belongs to; until then REPLs use domains, which slow every promise. */
export const NODE_ROUTES_ERRORS = 'addUncaughtExceptionCaptureCallback' in process;

/** What is told when code of a console throws after its line: in a timer, in a promise that nobody awaits. */
export interface Listener {
  /** Cut when its console is gone: a line that was terminated leaves its listener behind, as no `finally` ran. */
  tell: ((error: unknown) => void) | undefined;
}

/**
 * Whose code is running, so that an error which nobody catches ends up in the console that caused it. It ends
 * neither the service nor the console; the service's own errors take the way that they always took.
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
   * Node calls a monitor first and then looks for a handler: for an error of ours it finds one of ours, once, and
   * none of the service's, which may well end the process.
   */
  private readonly monitor = (): void => {
    const listener = this.origin.getStore();
    if (!listener) return;
    const theirs = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const one of theirs) process.on('uncaughtException', one);
      listener.tell?.(error);
    });
  };
}
