import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerReader } from '../../outside/index.js';
import { Problem } from '../../problem.js';
import type { InspectorSession } from '../../process/session.js';
import { type Script, scriptsOf } from '../../process/scripts.js';

/** The process that is diagnosed. */
export interface Target {
  pid: number;
  session: InspectorSession;
  facts: TargetFacts;
  /** Reads what the process has outside V8, for all of its threads that are measured together. */
  sharedLedgers?: LedgerReader;
  /** Its scripts by V8's id, as they are now. */
  scripts(): Promise<Map<string, Script>>;
  /** @throws Problem LEAK_LAB_NO_INSPECTOR where its event loop is blocked: memory that does not change means nothing then. */
  mustRun(): Promise<void>;
}

export interface TargetFacts {
  nodeVersion: string;
  /** Its working directory, by which paths are shortened. */
  folder: string;
  uptimeMs: number;
  /** Its worker threads; each has a heap of its own, which is not measured. */
  workers: number;
}

/** Longer than a large collection or a long calculation; a debugger may block it forever. */
const TURNS_WITHIN_MS = 10_000;

/** @param name of the process or thread */
async function mustTurn(session: InspectorSession, name: string): Promise<void> {
  const turned = session.post('Runtime.evaluate', {
    expression: 'new Promise((turned) => { setImmediate(turned); })',
    awaitPromise: true,
    returnByValue: true,
  });
  turned.catch(() => {}); // late
  const isLate = await Promise.race([turned.then(() => false), sleep(TURNS_WITHIN_MS, true, { ref: false })]);
  if (!isLate) return;
  throw new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `the event loop of ${name} is blocked: it did not complete an iteration within ${TURNS_WITHIN_MS / 1000} s. A debugger has paused it, or it waits for a lock, or a long calculation runs; resume it, then run the diagnosis again`,
  );
}

/** Counted by the events that Node sends for them; no session with them stays open. */
async function workersOf(session: InspectorSession): Promise<number> {
  let workers = 0;
  const stop = session.on('NodeWorker.attachedToWorker', () => (workers += 1));
  try {
    await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await session.post('NodeWorker.disable');
  } finally {
    stop();
  }
  return workers;
}

/**
 * Asks a process for what costs nothing to know.
 *
 * @param workers the number of its worker threads that are not measured, where it is known
 * @param name what errors call it
 */
export async function targetAt(
  session: InspectorSession,
  pid: number,
  workers?: number,
  name = `process ${pid}`,
): Promise<Target> {
  await mustTurn(session, name);
  const { result } = await session.post('Runtime.evaluate', {
    expression: `({
      nodeVersion: process.version,
      folder: process.cwd(),
      uptimeMs: process.uptime() * 1000,
    })`,
    returnByValue: true,
  });
  const facts = result.value as Omit<TargetFacts, 'workers'>;
  return {
    pid,
    session,
    facts: { ...facts, workers: workers ?? (await workersOf(session)) },
    scripts: () => scriptsOf(session),
    mustRun: () => mustTurn(session, name),
  };
}
