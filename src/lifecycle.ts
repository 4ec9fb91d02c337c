import inspector from 'node:inspector';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem, warn, type ProblemCode } from './kit/problem.js';

/** How long answers under way may take once the service is told to stop. Supervisors kill after 10 s or more. */
const DRAIN_MS = 5_000;
/** How often connections are closed whose last answer is given: clients keep them open for more. */
const SWEEP_MS = 50;

/** Answers what is under way, then exits with 0. A second Ctrl-C does not wait. */
export function stopOnSignals(app: NestFastifyApplication): void {
  app.enableShutdownHooks(['SIGINT', 'SIGTERM'], { useProcessExit: true });
  const hurry = (): void => {
    const server = app.getHttpServer();
    setInterval(() => server.closeIdleConnections(), SWEEP_MS).unref();
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    process.once('SIGINT', () => process.exit(130));
  };
  process.once('SIGINT', hurry).once('SIGTERM', hurry);
  // Node does not end while somebody looks into it; a service that was told to stop does.
  process.once('exit', () => inspector.close());
  // Started by another program of the lab: without it, nobody would stop this one.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')).channel?.unref();
}

/**
 * @returns the address that answers, such as `http://127.0.0.1:8000`.
 * @throws Problem LEAK_LAB_PORT_IN_USE or LEAK_LAB_LISTEN.
 */
export async function listen(
  app: NestFastifyApplication,
  where: { host: string; port: number },
): Promise<string> {
  const { host, port } = where;
  await app.init();
  try {
    // Not app.listen: it logs a failure with its stack before it throws.
    return await app.getHttpAdapter().getInstance().listen({ port, host });
  } catch (cause) {
    const [code, message] = refusal((cause as NodeJS.ErrnoException).code ?? String(cause), host, port);
    throw new Problem(code, message, { cause });
  }
}

function refusal(code: string, host: string, port: number): [ProblemCode, string] {
  return code === 'EADDRINUSE'
    ? [
        'LEAK_LAB_PORT_IN_USE',
        `port ${port} on ${host} is in use: stop what listens there, or take another with --port (0 takes a free one)`,
      ]
    : [
        'LEAK_LAB_LISTEN',
        `cannot listen on ${host}, port ${port} (${code}): choose others with --host and --port`,
      ];
}

export function warnOfLeakyMode(): void {
  warn(
    'LEAK_LAB_LEAKY',
    'leaky mode keeps every user in memory until the process ends: never run it for real',
  );
}
