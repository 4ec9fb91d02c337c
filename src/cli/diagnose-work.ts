import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestTemplate } from '../../load/request-template.js';
import { sendRound } from '../../load/round.js';
import type { Work } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';

/** Work that this process sends, with what came back. */
export interface SentWork extends Work {
  answers: { sent: number; errors: number };
}

export interface SendOptions {
  origin: string;
  templates: RequestTemplate[];
  /** Requests of one round; without it, as many as are answered in about a second. */
  roundSize: number | undefined;
  connections: number;
  signal: AbortSignal;
}

const FIRST_ROUND = 200;
const ROUND_MS = 1_000;
const MOST_IN_ROUND = 4_000;

/** Work that this process sends: a round sends requests and waits for all responses. */
export function sentWork({ origin, templates, roundSize, connections, signal }: SendOptions): SentWork {
  const answers = { sent: 0, errors: 0 };
  let requests = roundSize ?? FIRST_ROUND;
  return {
    unit: 'request',
    answers,
    async round() {
      const latencies = createHistogram({ figures: 3 });
      const round = await sendRound({ url: origin, templates, requests, connections, latencies, signal });
      answers.sent += round.answered;
      answers.errors += round.errors;
      if (round.broken || round.errors > round.answered / 2) {
        throw new Problem(
          round.broken ? 'LEAK_LAB_NO_ANSWER' : 'LEAK_LAB_BAD_ANSWER',
          `${round.errors} of ${requests} requests failed after ${answers.sent.toLocaleString('en')} responses; see the log of the service`,
        );
      }
      const { answered } = round;
      if (roundSize === undefined) {
        const rate = (answered / Math.max(1, round.durationMs)) * ROUND_MS;
        requests = Math.min(MOST_IN_ROUND, Math.max(FIRST_ROUND, Math.round(rate)));
      }
      return answered;
    },
  };
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
