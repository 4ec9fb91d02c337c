import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerReader } from '../../outside/index.js';
import { type AnswerCounter, countAnswers } from '../../process/answer-counter.js';
import { Problem } from '../../problem.js';
import type { InspectorSession } from '../../process/session.js';
import { workerThreads } from '../../process/worker-sessions.js';
import type { Member } from '../../members/index.js';
import { type Target, targetAt } from '../model/target.js';

const STOPS_WITHIN_MS = 3_000;

/** One isolate of a service: the main thread of a process, or a worker thread of it. */
export interface Part {
  member: Member;
  target: Target;
  /** Null where what it answers cannot be counted. */
  counter: AnswerCounter | null;
}

/** The threads of a process: those that can be measured, and those that do not answer. */
export interface Threads {
  parts: Part[];
  silent: SilentThread[];
}

/** A worker thread that does not answer, because it waits for a lock, computes, or is in a synchronous call. */
export interface SilentThread {
  member: Member;
  message: string;
}

/** The main thread of a process and its worker threads, each with a counter of what it answers. */
export async function partsOf(session: InspectorSession, member: Member): Promise<Threads> {
  const { pid } = member;
  const main = await targetAt(session, pid, 0);
  const threads = await workerThreads(session, `process ${pid}`);
  const sharedLedgers = new LedgerReader(session, pid);
  const parts = [await partAt({ ...main, sharedLedgers }, member)];
  const silent: SilentThread[] = [];
  // All at once: each of those that do not answer is waited for.
  const reached = threads.map(async ({ thread, script, session: nested }) => {
    const worker: Member = { pid, role: 'worker thread', script, number: thread };
    try {
      return await partAt(
        { ...(await targetAt(nested, pid, 0, `worker thread ${thread}`)), sharedLedgers },
        worker,
      );
    } catch (error) {
      if (!(error instanceof Problem) || !isSilence(error)) throw error;
      silent.push({ member: worker, message: error.message });
      return null;
    }
  });
  for (const part of await Promise.all(reached)) if (part) parts.push(part);
  return { parts, silent };
}

/** Whether a thread did not answer, as opposed to one that has ended, which is no part of the service any more. */
export function isSilence({ code }: Problem): boolean {
  return code === 'LEAK_LAB_NO_INSPECTOR';
}

async function partAt(target: Target, member: Member): Promise<Part> {
  return { member, target, counter: await countAnswers(target.session) };
}

/** Removes what was put into the service. The sessions stay open. */
export async function releaseParts(parts: readonly Part[]): Promise<void> {
  // A process that has ended needs nothing to be removed.
  const stopped = parts.map(async ({ counter }) => counter?.stop().catch(() => {}));
  // Nor can it be taken out of a thread that does not answer any more: the counter forgets itself.
  await Promise.race([Promise.all(stopped), sleep(STOPS_WITHIN_MS, undefined, { ref: false })]);
}
