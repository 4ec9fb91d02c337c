import http from 'node:http';
import type { Answer, Exchange, SentRequest } from '../src/kit/compare/index.js';

const ANSWERS_WITHIN_MS = 20_000;

/**
 * Sends requests in order over a number of connections that stay open, and keeps every answer. Slower than the load
 * engine, which drops the answers.
 */
export class Client {
  private readonly agent: http.Agent;

  constructor(
    private readonly port: number,
    private readonly connections: number,
    private readonly signal: AbortSignal,
  ) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns one exchange for each request, in the order of the requests. Throws when it is aborted. */
  async send(requests: readonly SentRequest[]): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let at = next++; at < requests.length; at = next++) {
        this.signal.throwIfAborted();
        const request = requests[at];
        if (request) exchanges[at] = await this.exchange(request);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.connections, requests.length) }, lane));
    this.signal.throwIfAborted();
    return exchanges;
  }

  close(): void {
    this.agent.destroy();
  }

  private async exchange(request: SentRequest): Promise<Exchange> {
    const start = performance.now();
    const answer = await this.answerTo(request).catch(() => null);
    return { request, answer, latencyMs: performance.now() - start };
  }

  private answerTo({ method, path, headers, body }: SentRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = http.request(
        { host: '127.0.0.1', port: this.port, agent: this.agent, method, path, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: definedHeaders(response.headers),
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      sent.setTimeout(ANSWERS_WITHIN_MS, () => sent.destroy(new Error('no answer in time')));
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

function definedHeaders(headers: http.IncomingHttpHeaders): Answer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  );
}
