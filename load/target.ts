import { INSTALLED } from '../src/command/installed.js';
import { Problem } from '../src/kit/problem.js';
import { attach, attachAt } from '../src/kit/process/attach.js';
import { remoteOldGenerationLimit } from '../src/kit/process/heap-limit.js';
import { pidOnPort, pidOnUnixSocket } from '../src/kit/process/listeners.js';
import { commandLineOf } from '../src/kit/process/node-process.js';
import type { InspectorSession } from '../src/kit/process/session.js';
import { osMemory } from '../src/kit/process/os-memory.js';
import { type Sample } from '../src/kit/process/sample.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import type { Transport } from './client.js';
import { publishedSample, type ReportedSample } from './published-sample.js';
import { mustBeReachable } from './reachable.js';
import type { RequestTemplate } from './request-template.js';
import { SERVICE_MAIN } from './service.js';

/** What a service with the memory module reports of a container that it tracks. */
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
  /** How connections to it are made. */
  transport: Transport;
  pid: number;
  /** The inspector of the process. It is closed by `release`. */
  session: InspectorSession;
  /** The mode that the demo service reports; null for any other service. */
  mode: string | null;
  /** V8 ends the process when its long-lived objects exceed this. */
  oldGenerationLimitBytes: number;
  sample(): Promise<Sample>;
  isAlive(): Promise<boolean>;
  /** Empty for a service without the memory module. */
  containers(): Promise<Containers>;
  /** Closes the inspector and leaves the process as it was. */
  release(): Promise<void>;
}

export interface TargetOptions {
  url: string;
  transport?: Transport | undefined;
  /** The process to measure when another one listens at the URL (a cluster, a proxy). */
  pid?: number | undefined;
  /** The inspector that is open already. */
  inspect?: [host: string, port: number] | undefined;
  allowRemote?: boolean | undefined;
  /** The requests of which one must succeed; without them, a GET of the URL. */
  templates?: RequestTemplate[] | undefined;
  /** Whether answers of any status count as success. */
  anyStatus?: boolean | undefined;
  /** Whether the URL is the default one, of the service of this repository. */
  isDefault?: boolean | undefined;
  /** Releases the process when it is aborted, also while a sample is taken. */
  signal: AbortSignal;
}

/**
 * Checks that the URL answers, finds the process behind it and opens its inspector. It sends no request but the ones
 * that it is given.
 *
 * @throws Problem LEAK_LAB_NOT_LOOPBACK, LEAK_LAB_NO_ANSWER, LEAK_LAB_BAD_ANSWER, LEAK_LAB_NO_PROCESS or LEAK_LAB_NO_INSPECTOR.
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const url = new URL(options.url);
  const { transport, ...found } = await find(url, options);
  const { session, pid } = await found.attach();
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
  const reported = await publishedSample(session);
  return {
    url: options.url,
    transport,
    pid,
    session,
    oldGenerationLimitBytes: await remoteOldGenerationLimit(session),
    mode: typeof reported?.mode === 'string' ? reported.mode : null,
    sample: () => sampleAfterCollection(session, pid),
    // A zombie process still has a pid, but no memory.
    isAlive: () =>
      osMemory(pid).then(
        () => true,
        () => false,
      ),
    containers: async () => containersIn(reported && (await publishedSample(session))),
    release,
  };
}

interface Found {
  attach: () => Promise<{ session: InspectorSession; pid: number }>;
  transport: Transport;
}

/** The process to measure, and how its service is reached. */
async function find(url: URL, options: TargetOptions): Promise<Found> {
  const { transport: asked = {}, templates, anyStatus = false, allowRemote = false, signal } = options;
  const lab = await labService(url, asked);
  const start = 'start the service first';
  const { addresses, isLocal, transport } = await mustBeReachable(
    {
      url,
      transport: asked,
      templates: templates ?? [{ method: 'GET', path: url.pathname + url.search, headers: {} }],
      anyStatus,
      allowRemote,
      isLab: lab,
      howToStart: options.isDefault && !INSTALLED ? `${start} with npm run start:leaky` : start,
    },
    signal,
  );
  const { inspect } = options;
  if (inspect) return { attach: () => attachAt(...inspect), transport };
  // Not the pid that the service reports: on another machine, or in a container, that number is a different process.
  const pid = options.pid ?? (isLocal ? await pidBehind(url, transport, addresses[0]) : undefined);
  if (pid !== undefined)
    return { attach: async () => ({ session: await attach(pid, { signal }), pid }), transport };
  const place = transport.socketPath ?? `port ${portOf(url)}`;
  throw new Problem(
    'LEAK_LAB_NO_PROCESS',
    isLocal
      ? `no process of this user listens on ${place}: pass --pid with the process to measure`
      : 'the memory of a process on another machine cannot be read: run this command on the machine of the service, or pass --pid',
  );
}

function pidBehind(url: URL, { socketPath }: Transport, address?: string): Promise<number | undefined> {
  return socketPath === undefined ? pidOnPort(portOf(url), address) : pidOnUnixSocket(socketPath);
}

/** Whether the process that listens there runs the service of this repository. */
async function labService(url: URL, transport: Transport): Promise<boolean> {
  const pid = await pidBehind(url, transport);
  return pid !== undefined && (await commandLineOf(pid)).includes(SERVICE_MAIN);
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function containersIn(sample: ReportedSample | undefined): Containers {
  return new Map(
    Object.entries(sample ?? {}).filter((part): part is [string, ContainerUsage] => isUsage(part[1])),
  );
}

function isUsage(part: unknown): part is ContainerUsage {
  return typeof (part as ContainerUsage | null)?.entries === 'number';
}
