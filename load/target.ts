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
import { type Answer, type RequestParts, sendRequest } from './http-request.js';

/** What `/memory` of a service reports of a container that it tracks. */
export interface ContainerUsage {
  entries: number;
  maxEntries?: number | null;
  evictions?: number;
}

/** The tracked containers by name, in the order in which the service began to track them. */
export type Containers = Map<string, ContainerUsage>;

/** The service under load, with access to its memory. */
export interface Target {
  url: string;
  pid: number;
  /** The inspector of the process. It is closed by `release`. */
  session: InspectorSession;
  /** The mode that the demo service reports; null for any other service. */
  mode: string | null;
  sample(): Promise<Sample>;
  isAlive(): Promise<boolean>;
  /** Empty for a service without the memory module. */
  containers(): Promise<Containers>;
  /** Closes the inspector and leaves the process as it was. */
  release(): Promise<void>;
}

export interface TargetOptions {
  url: string;
  /** The process to measure when another one listens at the URL (a cluster, a proxy). */
  pid?: number | undefined;
  allowRemote?: boolean | undefined;
  /** The request that must succeed; without it, a GET. */
  request?: RequestParts | undefined;
  /** Releases the process when it is aborted, also while a sample is taken. */
  signal: AbortSignal;
}

/**
 * Checks that the URL answers, finds the process behind it and opens its inspector.
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
      `${url.hostname} is not this machine. Load is sent to loopback only; pass --allow-remote if you own the target`,
    );
  }
  await mustAnswer(url, options.request ?? {}, options.signal);
  const memory = await readMemory(url, options.signal);
  // Not the pid that the service reports: on another machine, or in a container, that number is a different process.
  const pid = options.pid ?? (local ? await pidOnPort(portOf(url), addresses[0]) : undefined);
  if (pid === undefined) {
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      local
        ? `no process of this user listens on port ${portOf(url)}: pass --pid with the process to measure`
        : 'the memory of a process on another machine cannot be read: run this command on the machine of the service, or pass --pid',
    );
  }
  const session = await attach(pid);
  let released: Promise<void> | undefined;
  // One command may open several targets with the same signal, so each removes its listener.
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
    // A zombie process still has a pid, but no memory.
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

async function mustAnswer(url: URL, request: RequestParts, signal: AbortSignal): Promise<void> {
  let answer: Answer;
  try {
    answer = await sendRequest(url, request, { withinMs: ANSWERS_WITHIN_MS, signal });
  } catch (cause) {
    const { code, name } = cause as NodeJS.ErrnoException;
    const why = name === 'AbortError' ? `within ${ANSWERS_WITHIN_MS / 1000} s` : `(${code ?? name})`;
    const start = INSTALLED ? 'start the service first' : 'start the service first with npm run start:leaky';
    throw new Problem(
      'LEAK_LAB_NO_ANSWER',
      `nothing answers at ${url.href} ${why}: ${start}, or pass its address with --url`,
      { cause },
    );
  }
  const { status, statusText, location, body } = answer;
  if (status < 200 || status > 299) {
    const example = INSTALLED ? '' : `, such as ${url.origin}/users/random`;
    throw new Problem(
      'LEAK_LAB_BAD_ANSWER',
      `${url.href} answers ${status} ${statusText}: ${location ? `it redirects to ${location}` : body.slice(0, 200)}. Pass an address that answers 2xx${example}`,
    );
  }
}

interface ReportedSample {
  pid: number;
  mode?: unknown;
  [tracked: string]: unknown;
}

function containersIn(sample: ReportedSample | undefined): Containers {
  return new Map(
    Object.entries(sample ?? {}).filter((part): part is [string, ContainerUsage] => isUsage(part[1])),
  );
}

function isUsage(part: unknown): part is ContainerUsage {
  return typeof (part as ContainerUsage | null)?.entries === 'number';
}

/** The sample that the memory module serves at `/memory`; undefined for a service without it. */
async function readMemory(url: URL, signal: AbortSignal): Promise<ReportedSample | undefined> {
  try {
    const { status, body } = await sendRequest(
      new URL('/memory', url),
      {},
      { withinMs: ANSWERS_WITHIN_MS, signal },
    );
    const sample = JSON.parse(body) as ReportedSample;
    return status === 200 && typeof sample.pid === 'number' ? sample : undefined;
  } catch {
    return undefined;
  }
}
