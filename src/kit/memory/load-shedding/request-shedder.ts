import type { IncomingMessage, Server, ServerResponse } from 'node:http';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Stands in front of an HTTP server's own listeners while it is closed, and is not there while it is open: a request
 * that is let in pays nothing for it, whatever the framework.
 */
export class Gate {
  private behind: Listener[] | undefined;
  /** Requests sent away so far. */
  refused = 0;

  /** @param exempt paths that pass a closed gate, with what is below them */
  constructor(
    private readonly server: Server,
    private readonly exempt: readonly string[],
  ) {}

  close(refusal: (response: ServerResponse) => void): void {
    if (this.behind) return;
    const behind = this.server.listeners('request') as Listener[];
    this.behind = behind;
    this.server.removeAllListeners('request');
    this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.passes(request.url ?? '')) {
        for (const listener of behind) listener.call(this.server, request, response);
        return;
      }
      this.refused += 1;
      refusal(response);
      request.resume(); // a body that nobody reads would hold up the connection
    });
  }

  open(): void {
    if (!this.behind) return;
    this.server.removeAllListeners('request');
    for (const listener of this.behind) this.server.on('request', listener);
    this.behind = undefined;
  }

  private passes(url: string): boolean {
    const [path] = url.split('?');
    return this.exempt.some((one) => path === one || path!.startsWith(`${one}/`));
  }
}

/** 503 in the form of Nest's own errors. The connection ends with it: there may be another replica to ask. */
export function refuse(response: ServerResponse, retryAfterSeconds: number): void {
  const body = JSON.stringify({
    message: `memory is short: try again in ${retryAfterSeconds} s`,
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
