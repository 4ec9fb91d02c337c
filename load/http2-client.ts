import http2 from 'node:http2';
import net from 'node:net';
import type { SentRequest } from '../src/kit/compare/index.js';
import {
  type Answer,
  type Client,
  type Failure,
  type SendOptions,
  tlsOptions,
  type Transport,
} from './client.js';

/** Requests that share a connection, as those of a proxy or a browser do. */
const STREAMS_OF_CONNECTION = 10;

/** A connection, and whether it was ever made. */
interface Connection {
  session: http2.ClientHttp2Session;
  isMade: boolean;
  /** Why it ended, where that was an error. */
  error?: Error;
}

/** HTTP/2, over TLS for `https:` and in clear text for `http:`. */
export function http2Client(origin: URL, transport: Transport, connections: number): Client {
  const slots: (Connection | undefined)[] = Array.from(
    { length: Math.ceil(connections / STREAMS_OF_CONNECTION) },
    () => undefined,
  );
  let turn = 0;
  const next = (): Connection => {
    turn = (turn + 1) % slots.length;
    const current = slots[turn];
    if (current && !current.session.closed && !current.session.destroyed) return current;
    return (slots[turn] = connect(origin, transport));
  };
  return {
    send: (parts, options) => sendOn(next(), origin, parts, options),
    close: () => {
      for (const slot of slots) slot?.session.destroy();
    },
  };
}

function connect(origin: URL, transport: Transport): Connection {
  const { socketPath } = transport;
  const session = http2.connect(origin, {
    ...tlsOptions(transport),
    ...(socketPath === undefined ? {} : { createConnection: () => net.connect(socketPath) }),
  });
  const connection: Connection = { session, isMade: false };
  // A server of another protocol accepts the connection as well; the first thing that HTTP/2 says are its settings.
  session.once('remoteSettings', () => (connection.isMade = true));
  session.on('error', (error) => (connection.error = error));
  return connection;
}

function sendOn(
  connection: Connection,
  origin: URL,
  { method, path, headers, body }: SentRequest,
  { withinMs, keepBody }: SendOptions,
): Promise<Answer | Failure> {
  return new Promise((resolve) => {
    const stream = connection.session.request({
      ...fieldsOf(headers),
      ':method': method,
      ':path': path,
      ':authority': origin.host,
      ':scheme': origin.protocol.slice(0, -1),
    });
    let isLate = false;
    let answer: Answer | undefined;
    let isWhole = false;
    let text = '';
    const timer = setTimeout(() => {
      isLate = true;
      stream.close(http2.constants.NGHTTP2_CANCEL);
    }, withinMs);
    stream.once('response', (fields) => {
      answer = { status: fields[':status'] ?? 0, location: fields.location, body: '' };
    });
    if (keepBody) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    else stream.resume();
    stream.once('end', () => (isWhole = true));
    stream.on('error', (cause) => (connection.error ??= cause));
    stream.once('close', () => {
      clearTimeout(timer);
      const isReset = stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR;
      resolve(answer && isWhole && !isReset ? { ...answer, body: text } : failureOf(connection, isLate));
    });
    stream.end(body);
  });
}

function failureOf({ isMade, error }: Connection, isLate: boolean): Failure {
  if (isLate) return { failure: 'timeout' };
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const isSpoken = isMade || code === 'ECONNRESET';
  return {
    failure: isSpoken ? 'aborted' : code?.startsWith('ERR_HTTP2') ? 'not-http' : 'refused',
    cause: error,
  };
}

/** The headers without those that HTTP/2 has no place for (RFC 9113, 8.2.2). */
function fieldsOf(headers: SentRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !/^(host|connection|keep-alive|transfer-encoding|upgrade)$/.test(name)),
  );
}
