import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordableHistogram } from 'node:perf_hooks';
import type { Answer, Client, Failure, FailureKind, Transport } from './client.js';
import { openClient } from './open-client.js';
import { filledIn, type RequestTemplate } from './request-template.js';

export interface RoundOptions {
  url: string;
  transport?: Transport | undefined;
  /** The requests to send to the server of the URL, in turn; without it, a GET of the URL itself. */
  templates?: RequestTemplate[] | undefined;
  requests: number;
  connections: number;
  /** How long a response may take; 10 s without it. */
  withinMs?: number | undefined;
  /** Whether a response of any status counts as success; without it, those of 2xx do. */
  anyStatus?: boolean | undefined;
  /** Receives the latencies in microseconds. Several rounds can share one histogram. */
  latencies: RecordableHistogram;
  signal: AbortSignal;
  onProgress?: (answered: number) => void;
}

/** A status such as `500`, or why no response arrived. */
export type FailureCode = FailureKind | `${number}`;

/** How many requests failed, by what they failed with. */
export type Failures = Partial<Record<FailureCode, number>>;

export interface Round {
  /** Requests that were sent over a connection that stood, answered or not: the work that the service was given. */
  sent: number;
  answered: number;
  /** Responses other than 2xx, timeouts and broken connections. */
  errors: number;
  failures: Failures;
  /** From the start to the last response. */
  durationMs: number;
  /** True when the server stopped answering and the round was ended early. */
  broken: boolean;
}

const TICK_MS = 50;
/** Requests in a row without any answer, per connection, after which the round is ended: such a server is not coming back. */
const MOST_SILENT = 2;
export const ANSWERS_WITHIN_MS = 10_000;

/** Sends a number of requests over a number of connections and waits for all responses. Throws when it is aborted. */
export async function sendRound(options: RoundOptions): Promise<Round> {
  const { url, transport = {}, signal, onProgress } = options;
  signal.throwIfAborted();
  const origin = new URL(url);
  const connections = Math.min(options.connections, options.requests);
  const client = openClient(origin, transport, connections);
  const counter = new Counter(options, MOST_SILENT * connections);
  const ticks = onProgress && setInterval(() => onProgress(counter.round.answered), TICK_MS);
  const stop = (): void => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const templates = options.templates ?? [getOf(url)];
    await Promise.all(
      Array.from({ length: connections }, () => sendInTurn(client, templates, counter, options)),
    );
  } finally {
    clearInterval(ticks);
    signal.removeEventListener('abort', stop);
    client.close();
  }
  signal.throwIfAborted();
  // The server sees the closed connections a little later. What they retain must be gone before it is measured.
  await sleep(TICK_MS);
  return counter.round;
}

/** Sends one request after the other, until the round is complete. */
async function sendInTurn(
  client: Client,
  templates: RequestTemplate[],
  counter: Counter,
  { signal, withinMs = ANSWERS_WITHIN_MS }: RoundOptions,
): Promise<void> {
  for (let number = counter.next(); number !== null && !signal.aborted; number = counter.next()) {
    const template = templates[number % templates.length];
    if (!template) return;
    const start = performance.now();
    const outcome = await client.send(filledIn(template), { withinMs });
    if (!signal.aborted) counter.count(outcome, performance.now() - start);
  }
}

/** Counts the outcomes of a round, and says which request is next. */
class Counter {
  readonly round: Round = { sent: 0, answered: 0, errors: 0, failures: {}, durationMs: 0, broken: false };
  private readonly startMs = performance.now();
  private begun = 0;
  private silent = 0;

  constructor(
    private readonly options: RoundOptions,
    private readonly mostSilent: number,
  ) {}

  /** The number of the next request, from 0; null after the last. */
  next(): number | null {
    if (this.round.broken || this.begun >= this.options.requests) return null;
    return this.begun++;
  }

  count(outcome: Answer | Failure, ms: number): void {
    const { round } = this;
    if ('failure' in outcome) {
      if (outcome.failure !== 'refused') round.sent += 1;
      this.silent += 1;
      if (this.silent >= this.mostSilent) round.broken = true;
      this.fail(outcome.failure);
      return;
    }
    this.silent = 0;
    round.sent += 1;
    round.answered += 1;
    round.durationMs = performance.now() - this.startMs;
    this.options.latencies.record(Math.max(1, Math.round(ms * 1000)));
    if (!isSuccess(outcome, this.options.anyStatus)) this.fail(`${outcome.status}`);
  }

  private fail(code: FailureCode): void {
    const { round } = this;
    round.errors += 1;
    round.failures[code] = (round.failures[code] ?? 0) + 1;
  }
}

export function isSuccess({ status }: Answer, anyStatus = false): boolean {
  return anyStatus || (status >= 200 && status <= 299);
}

function getOf(url: string): RequestTemplate {
  const { pathname, search } = new URL(url);
  return { method: 'GET', path: pathname + search, headers: {} };
}
