import type { Server } from 'node:http';
import { EXIT_OUT_OF_MEMORY } from './load-shedding.options.js';

/** Time for requests in progress. */
const DRAIN_MS = 5_000;
/** Interval at which connections without a request are closed. */
const CLOSE_IDLE_MS = 50;
/** Time for the program to end on SIGTERM, its own draining included. */
const EXIT_TIMEOUT_MS = 2 * DRAIN_MS;

/**
 * Ends this process with exit code 75 after the requests in progress. If the program handles SIGTERM, it is sent, so that
 * the program's own shutdown runs.
 */
export function endProcess(server: Server): void {
  process.once('exit', () => {
    process.exitCode = EXIT_OUT_OF_MEMORY;
  });
  if (process.listenerCount('SIGTERM') > 0) {
    setTimeout(() => process.exit(), EXIT_TIMEOUT_MS).unref();
    process.kill(process.pid, 'SIGTERM');
    return;
  }
  server.close(() => process.exit());
  setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS).unref();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
}
