import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { Problem } from '../src/kit/problem.js';
import { isSecret, RecordedBody, recordedLine } from './recorded-line.js';

export interface RecorderOptions {
  /** The service that requests are passed on to. */
  service: URL;
  /** The port of loopback to listen on; 0 takes a free one. */
  port: number;
  /** Whether headers that may hold secrets are recorded as well. */
  withSecrets: boolean;
  mostRequests: number;
  mostBytes: number;
  /** Writes a line before it returns, so that the file is whole at any moment. What it throws ends the recording. */
  write(line: string): void;
  onProgress(recorded: Recorded): void;
}

/** What passed through. */
export interface Recorded {
  requests: number;
  bytes: number;
  /** Requests that were passed on and are not in the file: their body is no text, or too long. */
  leftOut: number;
  /** Headers that were not recorded because they may hold secrets; the first so many. */
  secretHeaders: Set<string>;
  /** Requests that the service did not answer. */
  unanswered: number;
}

/** Requests on their way when the recording ends get so long. */
const ENDS_WITHIN_MS = 5_000;
/** Clients choose the names of headers. */
const MOST_SECRET_HEADERS = 16;
/** Headers that concern one connection, and not what is passed on over another. */
const OF_ONE_CONNECTION = /^(connection|keep-alive|proxy-connection|upgrade|te|trailer|expect)$/i;

/**
 * Passes requests on to a service and records them, one JSON object a line, as `recordedRequests` reads them. A request
 * is recorded when its answer begins: in the order of the answers, what one request needs of another comes after it.
 */
export class Recorder {
  readonly recorded: Recorded = {
    requests: 0,
    bytes: 0,
    leftOut: 0,
    secretHeaders: new Set(),
    unanswered: 0,
  };
  /** Resolves when the file has as many requests or bytes as it may have. Rejects when it cannot be written. */
  readonly full: Promise<void>;
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server = http.createServer((request, response) => this.passOn(request, response));
  private hasEnded = false;
  private end = (_error?: Error): void => {};

  private constructor(private readonly options: RecorderOptions) {
    this.full = new Promise((resolve, reject) => {
      this.end = (error) => {
        this.hasEnded = true;
        if (error) reject(error);
        else resolve();
      };
    });
    this.full.catch(() => {}); // it may fail while the last answers are awaited
  }

  /** @throws Problem LEAK_LAB_PORT_IN_USE or LEAK_LAB_LISTEN */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const recorder = new Recorder(options);
    const { server } = recorder;
    server.listen(options.port, '127.0.0.1');
    await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      throw new Problem(
        isTaken ? 'LEAK_LAB_PORT_IN_USE' : 'LEAK_LAB_LISTEN',
        `cannot listen on 127.0.0.1:${options.port}: ${isTaken ? 'another process does. Pass another --port, or none for a free one' : cause.message}`,
        { cause },
      );
    });
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Accepts no more requests, and waits for the answers that are on their way. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), ENDS_WITHIN_MS);
    await closed;
    clearTimeout(timer);
    this.agent.destroy();
  }

  private passOn(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { service } = this.options;
    const body = new RecordedBody();
    const sent = http.request({
      host: service.hostname.replaceAll(/[[\]]/g, ''),
      port: service.port || 80,
      agent: this.agent,
      method: request.method,
      path: pathOf(request),
      headers: passedOn(request.rawHeaders),
    });
    sent.once('response', (answer) => {
      if (request.complete) this.record(request, body);
      else request.once('end', () => this.record(request, body));
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', passedOn(answer.rawHeaders));
      pipeline(answer, response, () => {}); // where one side breaks, the other is broken off as well
    });
    sent.once('error', ({ message }) => {
      if (response.headersSent || response.destroyed) return;
      this.recorded.unanswered += 1;
      this.options.onProgress(this.recorded);
      response.writeHead(502, { 'content-type': 'text/plain', connection: 'close' });
      response.end(`leak-lab record: ${service.origin} did not answer: ${message}\n`);
    });
    response.once('close', () => sent.destroy());
    request.on('data', (chunk: Buffer) => body.add(chunk));
    request.pipe(sent);
  }

  private record(request: http.IncomingMessage, body: RecordedBody): void {
    if (this.hasEnded) return;
    const { recorded, options } = this;
    const text = body.text();
    const line = text === null ? null : recordedLine(request, pathOf(request), text, this.isWanted);
    if (line === null) recorded.leftOut += 1;
    else if (recorded.bytes + Buffer.byteLength(line) > options.mostBytes) this.end();
    else this.write(line);
    options.onProgress(recorded);
  }

  private write(line: string): void {
    const { recorded, options } = this;
    try {
      options.write(line);
    } catch (error) {
      this.end(error as Error);
      return;
    }
    recorded.requests += 1;
    recorded.bytes += Buffer.byteLength(line);
    if (recorded.requests === options.mostRequests) this.end();
  }

  private readonly isWanted = (header: string): boolean => {
    if (this.options.withSecrets || !isSecret(header)) return true;
    const { secretHeaders } = this.recorded;
    if (secretHeaders.size < MOST_SECRET_HEADERS) secretHeaders.add(header);
    return false;
  };
}

/** The path of a request, also where its sender takes the recorder for a proxy and writes the whole URL. */
function pathOf({ url = '/' }: http.IncomingMessage): string {
  return url.replace(/^https?:\/\/[^/?#]+/i, '') || '/';
}

/** Headers in the order and spelling of their sender: names and values in turns. */
function passedOn(raw: readonly string[]): string[] {
  return raw.filter((_, at) => !OF_ONE_CONNECTION.test(raw[at - (at % 2)] ?? ''));
}
