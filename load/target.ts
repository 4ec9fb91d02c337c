import { lookup } from 'node:dns/promises';
import { INSTALLED } from '../src/command/installed.js';
import { Problem } from '../src/kit/problem.js';
import { attach } from '../src/kit/process/attach.js';
import { pidOnPort } from '../src/kit/process/listeners.js';
import { isLoopback } from '../src/kit/process/loopback.js';
import type { InspectorSession } from '../src/kit/process/session.js';
import { osMemory } from '../src/kit/process/os-memory.js';
import { type Sample } from '../src/kit/process/sample.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import { ask, type Answer, type Asking } from './http-request.js';

/** What a service says on `/memory` of a container that it tracks. */
export interface ContainerUsage {
  entries: number;
  maxEntries?: number | null;
  evictions?: number;
}

/** By their names, in the order in which the service began to track them. */
export type Containers = Map<string, ContainerUsage>;

/** The service under load, and a way to look into its memory. */
export interface Target {
  url: string;
  pid: number;
  /** The inspector of the process. It is closed by `release`. */
  session: InspectorSession;
  /** What the service under study says of itself; null for any other. */
  mode: string | null;
  sample(): Promise<Sample>;
  isAlive(): Promise<boolean>;
  /** None for a service without the memory module. */
  containers(): Promise<Containers>;
  /** Lets go of the process and leaves it as it was. */
  release(): Promise<void>;
}

export interface TargetOptions {
  url: string;
  /** The process behind the URL, where it is not the one that listens (a cluster, a proxy). */
  pid?: number | undefined;
  allowRemote?: boolean | undefined;
  /** How to ask, where that is not a plain GET. */
  asking?: Asking | undefined;
  /** Lets go of the process when it is aborted, also in the middle of a look. */
  signal: AbortSignal;
}

/**
 * Makes sure that the URL answers and finds the process behind it.
 *
 * @throws Problem LEAK_LAB_NOT_LOOPBACK, LEAK_LAB_NO_ANSWER, LEAK_LAB_BAD_ANSWER, LEAK_LAB_NO_PROCESS or LEAK_LAB_NO_INSPECTOR.
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const url = new URL(options.url);
  const addresses = await addressesOf(url);
  const local = addresses.length > 0 && addresses.every(isLoopback);
  if (!local && !options.allowRemote) {
    throw new Problem(
      'LEAK_LAB_NOT_LOOPBACK',
      `${url.hostname} is not this machine: load goes to loopback only, unless --allow-remote says that you own the target`,
    );
  }
  await mustAnswer(url, options.asking ?? {}, options.signal);
  const memory = await readMemory(url, options.signal);
  // Not the pid that the service tells: on another machine, or in a container, that number is somebody else here.
  const pid = options.pid ?? (local ? await pidOnPort(portOf(url), addresses[0]) : undefined);
  if (pid === undefined) {
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      local
        ? `no process of yours listens on port ${portOf(url)}: name the one to measure with --pid`
        : 'memory is read through the process, and that of another machine is out of reach: run this beside the service',
    );
  }
  const session = await attach(pid);
  let released: Promise<void> | undefined;
  // The signal outlives the target where one command opens several.
  const onAbort = (): void => void release();
  const release = (): Promise<void> => {
    options.signal.removeEventListener('abort', onAbort);
    return (released ??= session.close());
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) await release();
  options.signal.throwIfAborted();
  return {
    url: options.url,
    pid,
    session,
    mode: typeof memory?.mode === 'string' ? memory.mode : null,
    sample: () => sampleAfterCollection(session, pid),
    // A process that has ended and waits for its parent to notice has no memory any more.
    isAlive: () =>
      osMemory(pid).then(
        () => true,
        () => false,
      ),
    containers: async () => containersIn(memory && (await readMemory(url, options.signal))),
    release,
  };
}

async function addressesOf(url: URL): Promise<string[]> {
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

const ANSWERS_WITHIN_MS = 10_000;

async function mustAnswer(url: URL, asking: Asking, signal: AbortSignal): Promise<void> {
  let answer: Answer;
  try {
    answer = await ask(url, asking, { withinMs: ANSWERS_WITHIN_MS, signal });
  } catch (cause) {
    const { code, name } = cause as NodeJS.ErrnoException;
    const why = name === 'AbortError' ? `within ${ANSWERS_WITHIN_MS / 1000} s` : `(${code ?? name})`;
    const start = INSTALLED ? 'start the service first' : 'start the service first, with npm run start:leaky';
    throw new Problem(
      'LEAK_LAB_NO_ANSWER',
      `nothing answers at ${url.href} ${why}: ${start}, or give its address with --url`,
      { cause },
    );
  }
  const { status, statusText, location, body } = answer;
  if (status < 200 || status > 299) {
    const such = INSTALLED ? '' : `, such as ${url.origin}/users/random`;
    throw new Problem(
      'LEAK_LAB_BAD_ANSWER',
      `${url.href} answers ${status} ${statusText}: ${location ? `it is at ${location}` : body.slice(0, 200)}. Give an address that answers 2xx${such}`,
    );
  }
}

interface OwnSample {
  pid: number;
  mode?: unknown;
  [tracked: string]: unknown;
}

function containersIn(sample: OwnSample | undefined): Containers {
  return new Map(
    Object.entries(sample ?? {}).filter((part): part is [string, ContainerUsage] => isUsage(part[1])),
  );
}

function isUsage(part: unknown): part is ContainerUsage {
  return typeof (part as ContainerUsage | null)?.entries === 'number';
}

/** The sample that the memory module gives at `/memory`; undefined for a service without it. */
async function readMemory(url: URL, signal: AbortSignal): Promise<OwnSample | undefined> {
  try {
    const { status, body } = await ask(new URL('/memory', url), {}, { withinMs: ANSWERS_WITHIN_MS, signal });
    const sample = JSON.parse(body) as OwnSample;
    return status === 200 && typeof sample.pid === 'number' ? sample : undefined;
  } catch {
    return undefined;
  }
}
