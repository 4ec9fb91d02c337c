import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createHistogram } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { driveRound } from '../load/drive.js';

const CONNECTIONS = 50;

/** A server in a process of its own, which tells what it costs. */
export interface Server {
  child: ChildProcess;
  url: string;
}

export async function startServer(kind: string): Promise<Server> {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [kind], {
    execArgv: ['--expose-gc'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { child, url };
}

export interface Cost {
  cpuMicroseconds: number;
  /** After a collection, when it was asked for. */
  liveBytes: number;
  rssBytes: number;
}

type Question = 'now' | 'after a collection' | 'watch' | 'rest';

/** `watch` and `rest` also turn MemoryModule's watching on and off. */
export async function costOf({ child }: Server, question: Question = 'now'): Promise<Cost> {
  const answer = once(child, 'message') as Promise<[Cost]>;
  child.send(question);
  return (await answer)[0];
}

export interface Slice {
  /** CPU time of the server, in microseconds. */
  cpuPerRequest: number;
  p99Ms: number;
}

/** A load long enough to have its share of the collector's work, which comes in lumps. */
export async function slice(server: Server, path: string, requests: number): Promise<Slice> {
  const latencies = createHistogram({ figures: 3 });
  const before = await costOf(server);
  await driveRound({
    url: server.url + path,
    requests,
    connections: CONNECTIONS,
    latencies,
    signal: new AbortController().signal,
  });
  const after = await costOf(server);
  return {
    cpuPerRequest: (after.cpuMicroseconds - before.cpuMicroseconds) / requests,
    p99Ms: latencies.percentile(99) / 1000,
  };
}
