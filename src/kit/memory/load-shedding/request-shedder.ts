import type { IncomingMessage, Server, ServerResponse } from 'node:http';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Refuses new requests of an HTTP server. While it is stopped, the server has its own listeners only, so accepted
 * requests cost nothing more, whatever the framework.
 */
export class RequestShedder {
  private ownListeners: Listener[] | undefined;
  /** Requests refused so far. */
  refused = 0;

  /** @param exempt paths that are answered while others are refused, with everything below them */
  constructor(
    private readonly server: Server,
    private readonly exempt: readonly string[],
  ) {}

  /** @param refuse answers a refused request */
  start(refuse: (response: ServerResponse) => void): void {
    if (this.ownListeners) return;
    // Node types the listeners of any event as `Function`; those of `request` have these parameters.
    const ownListeners = this.server.listeners('request') as Listener[];
    this.ownListeners = ownListeners;
    this.server.removeAllListeners('request');
    this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.isExempt(request.url ?? '')) {
        for (const listener of ownListeners) listener.call(this.server, request, response);
        return;
      }
      this.refused += 1;
      refuse(response);
      request.resume(); // a body that is not read would block the connection
    });
  }

  stop(): void {
    if (!this.ownListeners) return;
    this.server.removeAllListeners('request');
    for (const listener of this.ownListeners) this.server.on('request', listener);
    this.ownListeners = undefined;
  }

  private isExempt(url: string): boolean {
    const [path = ''] = url.split('?');
    return this.exempt.some((one) => path === one || path.startsWith(`${one}/`));
  }
}

/** Status 503 in the format of Nest's errors. The connection is closed, so that a retry may reach another replica. */
export function refuse(response: ServerResponse, retryAfterSeconds: number): void {
  const body = JSON.stringify({
    message: `the service is short of memory: try again in ${retryAfterSeconds} s`,
    error: 'Service Unavailable',
    statusCode: 503,
  });
  response
    .writeHead(503, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'Retry-After': retryAfterSeconds,
      Connection: 'close',
    })
    .end(body);
}
