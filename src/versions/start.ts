import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../load/free-port.js';
import { Problem } from '../kit/problem.js';
import { pidOnPort } from '../kit/process/listeners.js';
import { Group } from './group.js';

export interface StartOptions {
  /** What messages call it. */
  name: string;
  /** A shell command; `{port}` in it is replaced by the port. */
  command: string;
  folder: string;
  /** How long it may take until its port accepts connections. */
  withinMs: number;
  signal: AbortSignal;
}

/** A service that was started by a command. */
export interface Running {
  port: number;
  /** The process that listens, which may be a child of the shell. */
  pid: number;
  /** The end of what it has printed. */
  output(): string;
  /** Ends it and all of its children. */
  stop(): Promise<void>;
}

const POLL_MS = 50;
/** A port that was free may be taken before the service listens on it. */
const TRIES = 3;

/**
 * Starts a service with a shell command on a free port, which it gets as `PORT` and for `{port}`, and waits until the
 * port accepts connections. The command gets a process group of its own, so that all of its children end with it.
 *
 * @throws Problem LEAK_LAB_NO_ANSWER when it ends or does not listen in time, LEAK_LAB_NO_PROCESS when the process that
 *   listens cannot be found
 */
export async function start(options: StartOptions): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === TRIES) throw error;
    }
  }
}

class PortTaken extends Problem {}

async function startOnce({ name, command, folder, withinMs, signal }: StartOptions): Promise<Running> {
  signal.throwIfAborted();
  const port = await freePort();
  const group = new Group(command.replaceAll('{port}', String(port)), folder, {
    PORT: String(port),
    // Both versions open their inspectors, and the usual port is one.
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --inspect-port=0`.trim(),
  });
  try {
    await listening(group, port, { withinMs, signal });
    const pid = await pidOnPort(port);
    if (pid === undefined)
      throw new Problem(
        'LEAK_LAB_NO_PROCESS',
        `the service "${name}" listens on port ${port}, but no process of this user does. Start it without a container and as this user`,
      );
    return { port, pid, output: () => group.output(), stop: () => group.stop(pid) };
  } catch (error) {
    await group.stop();
    signal.throwIfAborted();
    if (!(error instanceof NotListening)) throw error;
    const said = group.output();
    const text = `the service "${name}" ${error.message}: ${command}\n${said || 'It printed nothing.'}`;
    throw said.includes('EADDRINUSE')
      ? new PortTaken('LEAK_LAB_NO_ANSWER', text)
      : new Problem(
          'LEAK_LAB_NO_ANSWER',
          `${text}\nIt has to listen on the port in the variable PORT, or on {port} in its command.`,
        );
  }
}

class NotListening extends Error {}

/** Waits until the port accepts a connection. */
async function listening(
  { child }: Group,
  port: number,
  { withinMs, signal }: Pick<StartOptions, 'withinMs' | 'signal'>,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await accepts(port))) {
    signal.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null)
      throw new NotListening(
        `ended with ${child.signalCode ?? `exit code ${child.exitCode}`} before it listened`,
      );
    if (Date.now() > deadline)
      throw new NotListening(`does not listen on port ${port} after ${Math.round(withinMs / 1000)} s`);
    await sleep(POLL_MS);
  }
}

/** Whether something listens on a port of this machine. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
