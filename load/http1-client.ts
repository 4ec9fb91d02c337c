import http from 'node:http';
import https from 'node:https';
import type { SentRequest } from '../src/kit/compare/index.js';
import {
  type Answer,
  type Client,
  type Failure,
  type FailureKind,
  type SendOptions,
  tlsOptions,
  type Transport,
} from './client.js';

/** HTTP/1.1: one request at a time on each connection. */
export function http1Client(origin: URL, transport: Transport, connections: number): Client {
  const isTls = origin.protocol === 'https:';
  const pool = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  const agent = isTls ? new https.Agent({ ...pool, ...tlsOptions(transport) }) : new http.Agent(pool);
  const begin = isTls ? https.request : http.request;
  const { socketPath } = transport;
  const base: https.RequestOptions = {
    agent,
    hostname: origin.hostname.replaceAll(/[[\]]/g, ''),
    port: origin.port || null,
    ...(socketPath === undefined ? {} : { socketPath }),
  };
  return {
    send: ({ method, path, headers, body }, options) =>
      outcomeOf(begin({ ...base, method, path, headers: { host: origin.host, ...headers } }), body, options),
    close: () => agent.destroy(),
  };
}

function outcomeOf(
  request: http.ClientRequest,
  body: SentRequest['body'],
  { withinMs, keepBody }: SendOptions,
): Promise<Answer | Failure> {
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      request.destroy();
    }, withinMs);
    const settle = (outcome: Answer | Failure): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const fail = (cause: Error): void => settle({ failure: isLate ? 'timeout' : kindOf(cause), cause });
    request.on('error', fail);
    request.once('response', (response) => {
      let text = '';
      if (keepBody) response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      else response.resume();
      response.once('end', () => settle(answerOf(response, text)));
      response.on('error', fail); // the connection was closed in the middle of the response
    });
    request.once('upgrade', (response, socket) => {
      socket.destroy();
      settle(answerOf(response, ''));
    });
    request.end(body);
  });
}

function answerOf({ statusCode, headers }: http.IncomingMessage, body: string): Answer {
  return { status: statusCode ?? 0, location: headers.location, body }; // a response to a client has a status
}

/** The end of a connection that stood has these codes; every other error means that none could be made. */
function kindOf({ code }: NodeJS.ErrnoException): FailureKind {
  if (code?.startsWith('HPE_')) return 'not-http';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'aborted' : 'refused';
}
