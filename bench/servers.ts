import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createHistogram } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { sendRound } from '../load/round.js';

const CONNECTIONS = 50;

/** A server in a process of its own, which reports its cost. */
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
  /** After a collection, if the question was for one. */
  liveBytes: number;
  rssBytes: number;
}

type Question = 'now' | 'after a collection' | 'watch' | 'rest';

/** `watch` and `rest` also turn the sampling of MemoryModule on and off. */
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

/** Sends a load that is long enough to include a share of the collector's work. */
export async function slice(server: Server, path: string, requests: number): Promise<Slice> {
  const latencies = createHistogram({ figures: 3 });
  const before = await costOf(server);
  await sendRound({
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
