import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordableHistogram } from 'node:perf_hooks';
import type autocannon from 'autocannon';
import { loadEngine } from './engine.js';
import { engineRequest, type RequestTemplate } from './request-template.js';

export interface RoundOptions {
  url: string;
  /** The requests to send to the server of the URL, in turn; without it, a GET of the URL itself. */
  templates?: RequestTemplate[] | undefined;
  requests: number;
  connections: number;
  /** Receives the latencies in microseconds. Several rounds can share one histogram. */
  latencies: RecordableHistogram;
  signal: AbortSignal;
  onProgress?: (answered: number) => void;
}

export interface Round {
  answered: number;
  /** Responses other than 2xx, timeouts and broken connections. */
  errors: number;
  /** From the start to the last response. */
  durationMs: number;
  /** True when the server stopped answering and the round was ended early. */
  broken: boolean;
}

/** How often the engine checks whether it is done. Its default of one second would round every duration up. */
const TICK_MS = 50;
/** Broken connections per connection after which the round is ended: such a server is not coming back. */
const MOST_BROKEN = 2;
const TIMEOUT_S = 10;

/** Sends a number of requests over a number of connections and waits for all responses. Throws when it is aborted. */
export async function sendRound(options: RoundOptions): Promise<Round> {
  const { signal } = options;
  signal.throwIfAborted();
  const engine = await loadEngine();
  const bailout = MOST_BROKEN * Math.min(options.connections, options.requests);
  const { run, result } = start(engine, options, bailout);
  const round = countResponses(run, options);
  const stop = (): void => run.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { errors } = await result;
    round.errors += errors;
    round.broken = errors >= bailout;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  // The server sees the closed connections a little later. What they retain must be gone before it is measured.
  await sleep(TICK_MS);
  return round;
}

function start(
  engine: typeof autocannon,
  { url, templates, requests, connections }: RoundOptions,
  bailout: number,
): { run: autocannon.Instance; result: Promise<autocannon.Result> } {
  const { promise: result, resolve, reject } = withResolvers<autocannon.Result>();
  const settings = {
    url,
    ...(templates ? { requests: templates.map(engineRequest) } : {}),
    amount: requests,
    connections: Math.min(connections, requests),
    sampleInt: TICK_MS, // missing from the types
    timeout: TIMEOUT_S,
    bailout,
  };
  const run = engine(settings, (error: Error | null, outcome) => (error ? reject(error) : resolve(outcome)));
  return { run, result };
}

function countResponses(run: autocannon.Instance, { latencies, onProgress }: RoundOptions): Round {
  const round: Round = { answered: 0, errors: 0, durationMs: 0, broken: false };
  const start = performance.now();
  run.on('response', (_client, statusCode, _bytes, latencyMs) => {
    round.answered += 1;
    if (statusCode < 200 || statusCode > 299) round.errors += 1;
    round.durationMs = performance.now() - start;
    latencies.record(Math.max(1, Math.round(latencyMs * 1000)));
  });
  run.on('tick', () => onProgress?.(round.answered));
  return round;
}

/** Promise.withResolvers, which Node has from version 22. */
function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onValue, onError) => {
    [resolve, reject] = [onValue, onError];
  });
  return { promise, resolve, reject };
}
