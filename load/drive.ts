import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordableHistogram } from 'node:perf_hooks';
import type autocannon from 'autocannon';
import { Problem } from '../src/kit/problem.js';

/** One kind of request. In path and body `{n}` stands for a running number and `{random}` for 16 random digits. */
export interface Ask {
  method: string;
  path: string;
  body?: string | undefined;
  headers: Record<string, string>;
}

export interface RoundOptions {
  url: string;
  /** What to ask of the server at the URL, in turn; without it, the URL itself. */
  asks?: Ask[] | undefined;
  requests: number;
  connections: number;
  /** Latencies go in here, in microseconds, so that several rounds can share one. */
  latencies: RecordableHistogram;
  signal: AbortSignal;
  onProgress?: (answered: number) => void;
}

export interface Round {
  answered: number;
  /** Answers that were not 2xx, time-outs and broken connections. */
  errors: number;
  /** From the start to the last answer. */
  durationMs: number;
  /** The server stopped answering, and the round was ended early. */
  broken: boolean;
}

/** The engine looks at its clock this often; by default once a second, which would round every round up. */
const TICK_MS = 50;
/** A server that breaks every connection this often in one round is not coming back. */
const BROKEN_EACH = 2;
const TIMEOUT_S = 10;

/** Sends a number of requests over a number of connections, and waits for all answers. Throws when it is aborted. */
export async function driveRound(options: RoundOptions): Promise<Round> {
  const { url, requests, latencies, signal, onProgress } = options;
  signal.throwIfAborted();
  const round: Round = { answered: 0, errors: 0, durationMs: 0, broken: false };
  const engine = await loadEngine();
  const start = performance.now();

  const connections = Math.min(options.connections, requests);
  const bailout = BROKEN_EACH * connections;
  const settings = {
    url,
    ...(options.asks ? { requests: options.asks.map(requestOf) } : {}),
    amount: requests,
    connections,
    sampleInt: TICK_MS, // missing from the types
    timeout: TIMEOUT_S,
    bailout,
  };
  let run: autocannon.Instance;
  const result = new Promise<autocannon.Result>((resolve, reject) => {
    run = engine(settings, (error: Error | null, outcome) => (error ? reject(error) : resolve(outcome)));
  });
  run!.on('response', (_client, statusCode, _bytes, latencyMs) => {
    round.answered += 1;
    if (statusCode < 200 || statusCode > 299) round.errors += 1;
    round.durationMs = performance.now() - start;
    latencies.record(Math.max(1, Math.round(latencyMs * 1000)));
  });
  run!.on('tick', () => onProgress?.(round.answered));
  const stop = (): void => run!.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { errors } = await result;
    round.errors += errors;
    round.broken = errors >= bailout;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  // The server learns of the closed connections a little later; what they hold should be gone when it is measured.
  await sleep(TICK_MS);
  return round;
}

/**
 * Loaded when there is something to drive: a service that imports the kit's modules does without its 63 packages.
 *
 * @throws Problem LEAK_LAB_PACKAGE, which a command finds out before it reaches into a process.
 */
export async function loadEngine(): Promise<typeof autocannon> {
  try {
    return (await import('autocannon')).default;
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_PACKAGE',
      'driving load takes one package more: npm install --save-dev autocannon@9',
      { cause },
    );
  }
}

let asked = 0;

/** Fills what stands for something else, anew for each request. */
export function fillIn(template: string): string {
  return template
    .replaceAll('{n}', () => String((asked += 1)))
    .replaceAll('{random}', () => randomBytes(8).toString('hex'));
}

function requestOf({ method, path, body, headers }: Ask): autocannon.Request {
  const request = { method: method as 'GET', path, headers, ...(body === undefined ? {} : { body }) };
  if (!/\{(n|random)\}/.test(path + (body ?? ''))) return request;
  return {
    ...request,
    setupRequest: (now) => ({
      ...now,
      path: fillIn(path),
      ...(body === undefined ? {} : { body: fillIn(body) }),
    }),
  };
}
