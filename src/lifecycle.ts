import inspector from 'node:inspector';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem, warn } from './kit/problem.js';

/** How long requests under way may take after the signal to stop. Supervisors kill a process after 10 s or more. */
const DRAIN_MS = 5_000;
/** How often idle connections are closed while the service stops: clients keep them open for further requests. */
const SWEEP_MS = 50;

/** On SIGINT or SIGTERM, answers the requests under way, then exits with 0. A second Ctrl-C exits at once, with 130. */
export function stopOnSignals(app: NestFastifyApplication): void {
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  const closeConnections = (): void => {
    const server = app.getHttpServer();
    setInterval(() => server.closeIdleConnections(), SWEEP_MS).unref();
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    process.once('SIGINT', () => process.exit(130));
  };
  process.once('SIGINT', closeConnections).once('SIGTERM', closeConnections);
  // Node waits for a connected inspector before it exits. A service that was told to stop must not.
  process.once('exit', () => inspector.close());
  // A service that another command started stops with that command.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')).channel?.unref();
}

/**
 * @returns the address that the service listens on, such as `http://127.0.0.1:8000`.
 * @throws Problem LEAK_LAB_PORT_IN_USE or LEAK_LAB_LISTEN.
 */
export async function listen(
  app: NestFastifyApplication,
  where: { host: string; port: number },
): Promise<string> {
  const { host, port } = where;
  await app.init();
  try {
    // `app.listen` is not used: it logs a failure with its stack before it throws.
    return await app.getHttpAdapter().getInstance().listen({ port, host });
  } catch (cause) {
    throw listenProblem(cause, host, port);
  }
}

function listenProblem(cause: unknown, host: string, port: number): Problem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return code === 'EADDRINUSE'
    ? new Problem(
        'LEAK_LAB_PORT_IN_USE',
        `port ${port} on ${host} is in use: stop the process that listens there, or choose another port with --port (0 takes a free one)`,
        { cause },
      )
    : new Problem(
        'LEAK_LAB_LISTEN',
        `cannot listen on ${host}, port ${port} (${code}): choose another address with --host and --port`,
        { cause },
      );
}

export function warnOfLeakyMode(): void {
  warn('LEAK_LAB_LEAKY', 'leaky mode retains every user until the process ends: do not use it in production');
}
