import type { SentRequest } from '../src/kit/compare/index.js';

/** How connections to a service are made. Empty: HTTP/1.1 over TCP, and certificates are checked. */
export interface Transport {
  /** The path of a Unix socket to connect to, instead of the host and port of the URL. */
  socketPath?: string | undefined;
  /** Certificates to trust instead of those of the usual authorities, as PEM. */
  ca?: string | undefined;
  /** Whether any certificate is accepted. */
  insecure?: boolean | undefined;
  /** Whether HTTP/2 is spoken, over TLS or in clear text. */
  http2?: boolean | undefined;
}

/** A response that arrived whole. */
export interface Answer {
  status: number;
  location: string | undefined;
  /** Empty unless it was asked for. */
  body: string;
}

/** Why no whole response arrived. */
export type FailureKind =
  /** No connection could be made. */
  | 'refused'
  /** The connection was closed before the end of the response. */
  | 'aborted'
  | 'timeout'
  /** The service answered in another protocol. */
  | 'not-http';

export interface Failure {
  failure: FailureKind;
  cause?: Error | undefined;
}

export interface SendOptions {
  withinMs: number;
  keepBody?: boolean;
}

/** Sends requests to one service over connections that it keeps open. */
export interface Client {
  /** Sends one request. It follows no redirect. Never rejects. */
  send(request: SentRequest, options: SendOptions): Promise<Answer | Failure>;
  /** Closes all connections; requests on their way fail as aborted. */
  close(): void;
}

/** The options of `tls.connect`. */
export function tlsOptions({ ca, insecure }: Transport): { ca?: string; rejectUnauthorized: boolean } {
  return { ...(ca === undefined ? {} : { ca }), rejectUnauthorized: !insecure };
}
