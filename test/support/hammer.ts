import http from 'node:http';

export interface Hammer {
  url: string;
  requests: number;
  connections: number;
  /** The path and headers of each request. */
  request: (index: number) => { path: string; headers?: Record<string, string> };
}

/** Sends requests that all differ. @returns how often each status was returned */
export async function hammer({
  url,
  requests,
  connections,
  request,
}: Hammer): Promise<Record<number, number>> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const statuses: Record<number, number> = {};
  let next = 0;
  const send = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = http.get(url, { agent, ...request(index) }, (answer) => {
        statuses[answer.statusCode!] = (statuses[answer.statusCode!] ?? 0) + 1;
        answer.resume().once('end', resolve).once('error', reject);
      });
      sent.once('error', reject);
    });
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < requests) {
        next += 1;
        await send(next);
      }
    }),
  );
  agent.destroy();
  return statuses;
}
