import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { driveRound, type Ask } from '../../load/drive.js';
import type { Work } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';

/** Load that is driven, and what came back of it. */
export interface Driven extends Work {
  answers: { sent: number; errors: number };
}

export interface DriveOptions {
  origin: string;
  asks: Ask[];
  /** Requests of one round; without it as many as are answered in about a second. */
  roundSize: number | undefined;
  connections: number;
  signal: AbortSignal;
}

const FIRST_ROUND = 200;
const ROUND_MS = 1_000;
const MOST_IN_ROUND = 4_000;

/** A round sends requests and waits for all answers. */
export function drivenWork({ origin, asks, roundSize, connections, signal }: DriveOptions): Driven {
  const answers = { sent: 0, errors: 0 };
  let requests = roundSize ?? FIRST_ROUND;
  return {
    unit: 'request',
    answers,
    async round() {
      const latencies = createHistogram({ figures: 3 });
      const round = await driveRound({ url: origin, asks, requests, connections, latencies, signal });
      answers.sent += round.answered;
      answers.errors += round.errors;
      if (round.broken || round.errors > round.answered / 2) {
        throw new Problem(
          round.broken ? 'LEAK_LAB_NO_ANSWER' : 'LEAK_LAB_BAD_ANSWER',
          `${round.errors} of ${requests} requests were not answered with success after ${answers.sent.toLocaleString('en')}: see the log of the service`,
        );
      }
      const { answered } = round;
      if (roundSize === undefined) {
        const pace = (answered / Math.max(1, round.durationMs)) * ROUND_MS;
        requests = Math.min(MOST_IN_ROUND, Math.max(FIRST_ROUND, Math.round(pace)));
      }
      return answered;
    },
  };
}

/** The traffic that is there anyway: a round is a stretch of time. */
export function watchedWork(roundMs: number, signal: AbortSignal): Work {
  return {
    unit: 'second',
    async round() {
      const start = performance.now();
      await sleep(roundMs, undefined, { signal });
      return (performance.now() - start) / 1000;
    },
  };
}
