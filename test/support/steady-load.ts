import http from 'node:http';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { UserDirectory } from '../../src/service/user-directory.js';

export interface LoadResult {
  sent: number;
  /** Number of responses by status. */
  statuses: Record<number, number>;
  /** Requests that failed without a response. */
  broken: number;
  /** Responses with status 200 whose body differs from the user in the directory. */
  wrong: number;
  /** In microseconds. */
  latencies: RecordableHistogram;
}

export interface SteadyLoad {
  /** The figures so far. */
  readonly result: LoadResult;
  /** Resolves when this many more requests were sent and answered. */
  more(requests: number): Promise<void>;
  /** Stops sending. @returns the figures, when every request has been answered or has failed */
  stop(): Promise<LoadResult>;
}

/** Sends requests for users until it is stopped, and checks every response. */
export function steadyLoad(url: string, connections: number, idOf: (index: number) => string): SteadyLoad {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const directory = new UserDirectory({ latencyMs: 0 });
  const result: LoadResult = { sent: 0, statuses: {}, broken: 0, wrong: 0, latencies: createHistogram() };
  const waiting = new Set<() => boolean>();
  const stopping = new AbortController();

  const send = async (): Promise<void> => {
    const id = idOf(result.sent);
    result.sent += 1;
    const start = performance.now();
    try {
      const { status, body } = await get(`${url}/users/${encodeURIComponent(id)}`, agent);
      result.latencies.record(Math.max(1, Math.round((performance.now() - start) * 1000)));
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      if (status === 200 && body !== JSON.stringify(await directory.find(id))) result.wrong += 1;
    } catch {
      result.broken += 1;
    }
    for (const isEnough of waiting) if (isEnough()) waiting.delete(isEnough);
  };

  const senders = Promise.all(
    Array.from({ length: connections }, async () => {
      while (!stopping.signal.aborted) await send();
    }),
  );
  return {
    result,
    more: (requests) =>
      new Promise((resolve) => {
        const enough = result.sent + requests;
        waiting.add(() => {
          if (result.sent < enough) return false;
          resolve();
          return true;
        });
      }),
    stop: async () => {
      stopping.abort();
      await senders;
      agent.destroy();
      return result;
    },
  };
}

function get(url: string, agent: http.Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (answer) => {
        let body = '';
        answer
          .setEncoding('utf8')
          .on('data', (text: string) => (body += text))
          .once('end', () => resolve({ status: answer.statusCode!, body }))
          .once('error', reject);
      })
      .once('error', reject);
  });
}
