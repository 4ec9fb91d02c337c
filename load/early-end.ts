import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../src/kit/problem.js';
import type { Round } from './round.js';
import type { Target } from './target.js';
import { adviceOn, failuresText, mainFailure } from './why-failed.js';

/** How long a process that has stopped answering may take to end. */
const ENDS_WITHIN_MS = 2_000;
const POLL_MS = 100;

/** Why the server, or its inspector, stopped answering: the process ended, or it still runs. */
export async function whyEnded(target: Target, sent: number): Promise<Problem> {
  const after = `after ${sent.toLocaleString('en')} requests`;
  // Node does not exit while an inspector session is open.
  await target.release();
  for (let waitedMs = 0; waitedMs < ENDS_WITHIN_MS && (await target.isAlive()); waitedMs += POLL_MS)
    await sleep(POLL_MS);
  return (await target.isAlive())
    ? new Problem(
        'LEAK_LAB_NO_ANSWER',
        `${target.url} stopped answering ${after}, or another program closed its inspector. Process ${target.pid} still runs; see its log`,
      )
    : new Problem(
        'LEAK_LAB_DIED',
        `process ${target.pid} died ${after}. Its own output names the cause; a leak ends with "heap out of memory"`,
      );
}

/** What a command does about requests that fail. */
export interface FailurePolicy {
  /** Whether one failing request ends the measurement. */
  failOnError: boolean;
  /** Whether the service is the one of this repository. */
  isLab?: boolean;
}

/**
 * A service of which some requests fail is measured all the same: a leak on the path of errors is the commonest one.
 *
 * @throws Problem LEAK_LAB_BAD_ANSWER when the round shows nothing but failures, or any where none is allowed
 */
export function mustSucceed(round: Round, url: URL, { failOnError, isLab = false }: FailurePolicy): void {
  const { sent, errors, failures } = round;
  const requests = Math.max(sent, errors);
  if (errors > 0 && failOnError) {
    throw new Problem(
      'LEAK_LAB_BAD_ANSWER',
      `${errors.toLocaleString('en')} of ${requests.toLocaleString('en')} requests failed: ${failuresText(failures)}. Without --fail-on-error they are counted, and the measurement goes on`,
    );
  }
  if (requests > 0 && errors === requests) {
    throw new Problem(
      'LEAK_LAB_BAD_ANSWER',
      `the last ${requests.toLocaleString('en')} requests all failed: ${failuresText(failures)}. ${adviceOn(mainFailure(failures), url, isLab)}`,
    );
  }
}
