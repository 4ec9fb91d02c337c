import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import type { InspectorSession } from '../process/session.js';
import { type Script, scriptsOf } from './naming/scripts.js';

/** The process that is looked into. */
export interface Patient {
  pid: number;
  session: InspectorSession;
  facts: PatientFacts;
  /** Its scripts by V8's id, as they are now. */
  scripts(): Promise<Map<string, Script>>;
  /** @throws Problem LEAK_LAB_NO_INSPECTOR where its event loop stands still: memory that does not move is no news then. */
  mustRun(): Promise<void>;
}

export interface PatientFacts {
  nodeVersion: string;
  /** Its working directory, by which paths are shortened. */
  folder: string;
  uptimeMs: number;
  /** Threads of its own, each with a heap that is not looked into. */
  workers: number;
}

/** What a large collection or a long calculation may take; a debugger takes for ever. */
const TURNS_WITHIN_MS = 10_000;

async function mustTurn(session: InspectorSession, pid: number): Promise<void> {
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
    `process ${pid} stands still: its event loop did not turn within ${TURNS_WITHIN_MS / 1000} s. A debugger has stopped it, or it calculates; let it go on, and ask again`,
  );
}

/** Node says so as it hands out their inspectors; none is kept. */
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

/** What can be asked without a price. */
export async function patientAt(session: InspectorSession, pid: number): Promise<Patient> {
  await mustTurn(session, pid);
  const { result } = await session.post<{ result: { value: Omit<PatientFacts, 'workers'> } }>(
    'Runtime.evaluate',
    {
      expression: `({
      nodeVersion: process.version,
      folder: process.cwd(),
      uptimeMs: process.uptime() * 1000,
    })`,
      returnByValue: true,
    },
  );
  return {
    pid,
    session,
    facts: { ...result.value, workers: await workersOf(session) },
    scripts: () => scriptsOf(session),
    mustRun: () => mustTurn(session, pid),
  };
}
