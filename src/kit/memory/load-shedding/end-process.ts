import type { Server } from 'node:http';
import { EXIT_OUT_OF_MEMORY } from './load-shedding.options.js';

/** How long answers under way may take. */
const DRAIN_MS = 5_000;
const SWEEP_MS = 50;
/** How long the program may take to end by itself, its own draining included. */
const PATIENCE_MS = 2 * DRAIN_MS;

/**
 * Ends this process with the code for it, after the answers under way: as a supervisor's SIGTERM would, where the
 * program listens to that.
 */
export function endProcess(server: Server): void {
  process.once('exit', () => {
    process.exitCode = EXIT_OUT_OF_MEMORY;
  });
  if (process.listenerCount('SIGTERM') > 0) {
    setTimeout(() => process.exit(), PATIENCE_MS).unref();
    process.kill(process.pid, 'SIGTERM');
    return;
  }
  server.close(() => process.exit());
  setInterval(() => server.closeIdleConnections(), SWEEP_MS).unref();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
}
