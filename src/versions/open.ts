import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../../load/exchange.js';
import type { RequestSource } from '../../load/request-source.js';
import type { Exchange, Version } from '../kit/compare/index.js';
import { targetAt } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { attach } from '../kit/process/attach.js';
import { type Running, start } from './start.js';

/** How one version is started. */
export interface VersionCommand {
  /** What messages call it: `before`, `after` or a commit. */
  name: string;
  /** A shell command that starts the service on the port in `PORT`, or on `{port}` in the command. */
  command: string;
  folder: string;
}

export interface OpenOptions {
  requests: RequestSource;
  connections: number;
  startWithinMs: number;
  signal: AbortSignal;
}

/** A version that runs and answers, with its inspector open. */
export interface OpenVersion {
  version: Version;
  /** Closes the inspector and ends the service with all of its children. */
  close(): Promise<void>;
}

const POLL_MS = 100;

/**
 * Starts a version, waits until it answers and attaches to it.
 *
 * @throws Problem as `start` and `attach` do; LEAK_LAB_BAD_ANSWER when the first request is answered with an error
 */
export async function openVersion(
  { name, command, folder }: VersionCommand,
  { requests, connections, startWithinMs, signal }: OpenOptions,
): Promise<OpenVersion> {
  const running = await start({ name, command, folder, withinMs: startWithinMs, signal });
  const client = new Client(running.port, connections, signal);
  const undo = async (): Promise<void> => {
    client.close();
    await running.stop();
  };
  try {
    await answers(name, client, running, { requests, startWithinMs, signal });
    const session = await attach(running.pid, { signal });
    const close = async (): Promise<void> => {
      await session.close().catch(() => {}); // Node does not exit while a session is open
      await undo();
    };
    try {
      const target = await targetAt(session, running.pid);
      const version: Version = {
        name,
        target,
        folder,
        send: (from, count) => client.send(requests.range(from, count)),
        repeat: async (request) => firstOf(await client.send([request])),
      };
      return { version, close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await undo();
    signal.throwIfAborted();
    throw error;
  }
}

/** Sends the first request until it is answered without an error of the server: it may still be starting. */
async function answers(
  name: string,
  client: Client,
  running: Running,
  { requests, startWithinMs, signal }: Pick<OpenOptions, 'requests' | 'startWithinMs' | 'signal'>,
): Promise<void> {
  const deadline = Date.now() + startWithinMs;
  for (;;) {
    const { request, answer } = firstOf(await client.send([requests.at(0)]));
    if (answer && answer.status < 500) return;
    if (Date.now() > deadline) {
      const { method, path } = request;
      throw new Problem(
        'LEAK_LAB_BAD_ANSWER',
        `the service "${name}" answers ${method} ${path} with ${answer ? `status ${answer.status}: ${answer.body.toString().slice(0, 200)}` : 'a broken connection'}\n${running.output()}`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

function firstOf([exchange]: Exchange[]): Exchange {
  if (!exchange) throw new Error('a request has an exchange');
  return exchange;
}
