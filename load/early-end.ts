import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../src/kit/problem.js';
import type { Round } from './round.js';
import type { Target } from './target.js';

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

/** @throws Problem when the round shows that the service cannot be measured any more. */
export async function mustGoOn(target: Target, round: Round, sent: number): Promise<void> {
  if (round.broken) throw await whyEnded(target, sent);
  if (round.errors > round.answered / 2) {
    throw new Problem(
      'LEAK_LAB_BAD_ANSWER',
      `${round.errors} of ${round.answered} responses after ${sent.toLocaleString('en')} requests were errors. The memory of a failing service does not show whether it leaks; see its log`,
    );
  }
}
