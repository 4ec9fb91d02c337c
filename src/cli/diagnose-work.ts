import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '../../load/client.js';
import { mustSucceed } from '../../load/early-end.js';
import { addAnswers, type Answers } from '../../load/failed-requests.js';
import type { RequestTemplate } from '../../load/request-template.js';
import { ANSWERS_WITHIN_MS, type Round, sendRound } from '../../load/round.js';
import { failuresText } from '../../load/why-failed.js';
import type { Work } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';

/** Work that this process sends, with what came back. */
export interface SentWork extends Work {
  answers: () => Answers;
}

export interface SendOptions {
  origin: string;
  transport?: Transport | undefined;
  templates: RequestTemplate[];
  /** Requests of one round; without it, as many as are answered in about half a second. */
  roundSize: number | undefined;
  connections: number;
  /** Whether a response of any status counts as success. */
  anyStatus?: boolean;
  /** Whether one failing request ends the work. */
  failOnError?: boolean;
  signal: AbortSignal;
}

const FIRST_ROUND = 20;
const FEWEST_IN_ROUND = 5;
/** A round of a given size ends after so long with what was answered: a service may become slower and slower. */
const LONGEST_ROUND_MS = 3_000;
const ROUND_MS = 500;
const MOST_IN_ROUND = 2_500;
/** Where no number of requests was given. */
const BOUNDED_AFTER = 32;
/** Once some requests are never answered, the others tell how long an answer takes. */
const LEAST_TIMEOUT_MS = 1_000;
const TIMES_SLOWEST = 20;

/** Work that this process sends: a round sends requests and waits for all responses. */
export function sentWork(options: SendOptions): SentWork {
  const { origin, roundSize, failOnError = false } = options;
  let answers: Answers = { sent: 0, errors: 0, failures: {} };
  let withinMs = ANSWERS_WITHIN_MS;
  /** As many as are answered in about half a second. */
  let atOnce = FIRST_ROUND;
  const policy = new FailurePolicy(new URL(origin), failOnError);
  const send = async (requests: number): Promise<number> => {
    const latencies = createHistogram({ figures: 3 });
    const round = await sendRound({ ...options, url: origin, requests, latencies, withinMs });
    answers = addAnswers(answers, round);
    if (round.broken) {
      throw new Problem(
        'LEAK_LAB_NO_ANSWER',
        `the service stopped answering after ${answers.sent.toLocaleString('en')} requests: ${failuresText(round.failures)}; see its log`,
      );
    }
    policy.check(round);
    if (round.failures.timeout && round.answered > 0)
      withinMs = clamp((TIMES_SLOWEST * latencies.percentile(99)) / 1000, LEAST_TIMEOUT_MS, withinMs);
    const rate = (round.sent / Math.max(1, round.durationMs)) * ROUND_MS;
    atOnce = clamp(Math.round(rate), FEWEST_IN_ROUND, MOST_IN_ROUND);
    return round.sent;
  };
  return {
    unit: 'request',
    ...(roundSize === undefined && { boundedAfter: BOUNDED_AFTER }),
    answers: () => answers,
    async round(most = Number.POSITIVE_INFINITY) {
      const wanted = Math.min(most, roundSize ?? atOnce);
      const startMs = performance.now();
      let done = 0;
      while (done < wanted && performance.now() - startMs < LONGEST_ROUND_MS)
        done += await send(Math.min(atOnce, wanted - done));
      return done;
    },
  };
}

/** So many requests in a row have to fail before nothing but failures is expected: rounds may be of five. */
const FEWEST_FAILURES = 20;

/** Ends the work where requests fail that must not. */
class FailurePolicy {
  private failing: Round[] = [];

  constructor(
    private readonly url: URL,
    private readonly failOnError: boolean,
  ) {}

  check(round: Round): void {
    if (this.failOnError) mustSucceed(round, this.url, { failOnError: true });
    if (round.errors < Math.max(1, round.sent)) this.failing = [];
    else this.failing.push(round);
    const failed = this.failing.reduce((sum, { errors }) => sum + errors, 0);
    if (failed >= FEWEST_FAILURES) mustSucceed(round, this.url, { failOnError: false });
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The traffic that others send: a round is a period of time. */
export function existingTraffic(roundMs: number, signal: AbortSignal): Work {
  return {
    unit: 'second',
    async round() {
      const start = performance.now();
      await sleep(roundMs, undefined, { signal });
      return (performance.now() - start) / 1000;
    },
  };
}
