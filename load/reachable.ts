import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';
import { Problem } from '../src/kit/problem.js';
import { isLoopback } from '../src/kit/process/loopback.js';
import { type Answer, type Client, type Failure, tlsOptions, type Transport } from './client.js';
import { openClient } from './open-client.js';
import { filledIn, type RequestTemplate } from './request-template.js';
import { ANSWERS_WITHIN_MS, type FailureCode, isSuccess } from './round.js';
import { adviceOn, failureText } from './why-failed.js';

/** Where requests are sent, and which. */
export interface Destination {
  url: URL;
  transport: Transport;
  templates: RequestTemplate[];
  /** Whether answers of any status count as success. */
  anyStatus: boolean;
  allowRemote: boolean;
  /** Whether it is the service of this repository. */
  isLab: boolean;
  /** What to do where nothing listens, such as `start the service first`. */
  howToStart: string;
}

/** A service where some requests fail answers one of so many. */
const ATTEMPTS = 8;
const MOST_BODY = 200;

/**
 * Checks that the service is on this machine and answers, and finds out whether it speaks HTTP/2.
 *
 * @returns the addresses of its host, and how to connect
 * @throws Problem LEAK_LAB_NOT_LOOPBACK, LEAK_LAB_NO_ANSWER or LEAK_LAB_BAD_ANSWER
 */
export async function mustBeReachable(
  destination: Destination,
  signal: AbortSignal,
): Promise<{ addresses: string[]; isLocal: boolean; transport: Transport }> {
  const { url, transport, allowRemote } = destination;
  const isUnix = transport.socketPath !== undefined;
  const addresses = isUnix ? [] : await addressesOf(url);
  const isLocal = isUnix || (addresses.length > 0 && addresses.every(isLoopback));
  if (!isLocal && !allowRemote) {
    throw new Problem(
      'LEAK_LAB_NOT_LOOPBACK',
      `${url.hostname} is not this machine. Load is sent to loopback only; pass --allow-remote if you own the target`,
    );
  }
  const http2 = transport.http2 || (url.protocol === 'https:' && (await choosesHttp2(url, transport)));
  const found = { ...transport, http2 };
  await mustAnswer({ ...destination, transport: found }, signal);
  return { addresses, isLocal, transport: found };
}

async function addressesOf(url: URL): Promise<string[]> {
  const found = await lookup(hostOf(url), { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

const hostOf = ({ hostname }: URL): string => hostname.replaceAll(/[[\]]/g, '');

/** Whether the service prefers HTTP/2, by ALPN. False where no connection can be made: the first request says why. */
function choosesHttp2(url: URL, transport: Transport): Promise<boolean> {
  return new Promise((resolve) => {
    const host = hostOf(url);
    const socket = connect({
      ...(transport.socketPath === undefined
        ? { host, port: Number(url.port) || 443 }
        : { path: transport.socketPath }),
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
      ...tlsOptions(transport),
      ALPNProtocols: ['h2', 'http/1.1'],
      timeout: ANSWERS_WITHIN_MS,
    });
    const end = (isHttp2: boolean): void => {
      socket.destroy();
      resolve(isHttp2);
    };
    socket.once('secureConnect', () => end(socket.alpnProtocol === 'h2'));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

async function mustAnswer(destination: Destination, signal: AbortSignal): Promise<void> {
  const { url, transport, templates, anyStatus } = destination;
  const client = openClient(url, transport, 1);
  const stop = (): void => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    let first: Answer | Failure | undefined;
    for (let attempt = 0; attempt < Math.max(ATTEMPTS, templates.length); attempt += 1) {
      const outcome = await attemptOne(client, templates[attempt % templates.length], signal);
      first ??= outcome;
      if ('failure' in outcome) {
        if (outcome.failure !== 'aborted') break;
      } else if (isSuccess(outcome, anyStatus)) return;
    }
    if (first) throw noSuccess(first, destination);
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

async function attemptOne(
  client: Client,
  template: RequestTemplate | undefined,
  signal: AbortSignal,
): Promise<Answer | Failure> {
  if (!template) return { failure: 'refused' };
  const outcome = await client.send(filledIn(template), { withinMs: ANSWERS_WITHIN_MS, keepBody: true });
  signal.throwIfAborted();
  return outcome;
}

function noSuccess(
  outcome: Answer | Failure,
  { url, templates, transport, isLab, howToStart }: Destination,
): Problem {
  const path = templates[0]?.path ?? '';
  const address =
    transport.socketPath === undefined ? url.origin + path : `${path} of ${transport.socketPath}`;
  if ('failure' in outcome) return noAnswer(outcome, address, url, howToStart);
  const { status, location, body } = outcome;
  const code: FailureCode = `${status}`;
  const says = location
    ? `it redirects to ${location}`
    : body.slice(0, MOST_BODY).replaceAll(/\s+/g, ' ').trim();
  return new Problem(
    'LEAK_LAB_BAD_ANSWER',
    `${address} answers ${failureText(code)}${says ? `: ${says}` : ''}${/[.!?]$/.test(says) ? '' : '.'} ${adviceOn(code, url, isLab)}`,
  );
}

function noAnswer({ failure, cause }: Failure, address: string, url: URL, howToStart: string): Problem {
  const { code = '', message = '' }: Partial<NodeJS.ErrnoException> = cause ?? {};
  if (failure !== 'refused') {
    const why =
      failure === 'timeout'
        ? `nothing answers at ${address} within ${ANSWERS_WITHIN_MS / 1000} s`
        : `${address}: ${failureText(failure)} (${code})`;
    return new Problem('LEAK_LAB_NO_ANSWER', `${why}. ${adviceOn(failure, url)}`, { cause });
  }
  const advice = tlsAdvice(code, message) ?? `${howToStart}, or pass its address with --url`;
  return new Problem('LEAK_LAB_NO_ANSWER', `nothing answers at ${address} (${code || message}): ${advice}`, {
    cause,
  });
}

/** What to do where TLS fails; undefined for other errors. */
function tlsAdvice(code: string, message: string): string | undefined {
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code))
    return 'its certificate is of no authority that Node trusts. Pass the certificate, or that of its authority, with --ca FILE; or --insecure, which accepts any';
  if (/^CERT_|ALTNAME/.test(code))
    return `its certificate is not valid here: ${message}. Pass --insecure, which accepts any`;
  if (code === 'EPROTO' || /wrong.version/i.test(message))
    return 'no TLS is spoken there. Pass an http: address';
  return undefined;
}
