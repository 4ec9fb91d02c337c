import { LedgerReader } from '../../outside/index.js';
import { type AnswerCounter, countAnswers } from '../../process/answer-counter.js';
import type { InspectorSession } from '../../process/session.js';
import { workerThreads } from '../../process/worker-sessions.js';
import type { Member } from '../../members/index.js';
import { type Target, targetAt } from '../model/target.js';

/** One isolate of a service: the main thread of a process, or a worker thread of it. */
export interface Part {
  member: Member;
  target: Target;
  /** Null where what it answers cannot be counted. */
  counter: AnswerCounter | null;
}

/** The main thread of a process and its worker threads, each with a counter of what it answers. */
export async function partsOf(session: InspectorSession, member: Member): Promise<Part[]> {
  const { pid } = member;
  const main = await targetAt(session, pid, 0);
  const threads = await workerThreads(session, `process ${pid}`);
  const sharedLedgers = new LedgerReader(session, pid);
  const parts = [await partAt({ ...main, sharedLedgers }, member)];
  for (const { thread, script, session: nested } of threads) {
    const target = await targetAt(nested, pid, 0);
    parts.push(
      await partAt({ ...target, sharedLedgers }, { pid, role: 'worker thread', script, number: thread }),
    );
  }
  return parts;
}

async function partAt(target: Target, member: Member): Promise<Part> {
  return { member, target, counter: await countAnswers(target.session) };
}

/** Removes what was put into the service. The sessions stay open. */
export async function releaseParts(parts: readonly Part[]): Promise<void> {
  // A process that has ended needs nothing to be removed.
  await Promise.all(parts.map(async ({ counter }) => counter?.stop().catch(() => {})));
}
