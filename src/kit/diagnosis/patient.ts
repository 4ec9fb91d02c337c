import { osMemory } from '../process/os-memory.js';
import type { InspectorSession } from '../process/session.js';
import { type Script, scriptsOf } from './scripts.js';

/** The process that is looked into. */
export interface Patient {
  pid: number;
  session: InspectorSession;
  facts: PatientFacts;
  /** Its scripts by V8's id, as they are now. */
  scripts(): Promise<Map<string, Script>>;
  isAlive(): Promise<boolean>;
}

export interface PatientFacts {
  nodeVersion: string;
  /** Its working directory, by which paths are shortened. */
  folder: string;
  uptimeMs: number;
  /** Threads of its own, each with a heap that is not looked into. */
  workers: number;
}

/** What can be asked without a price. */
export async function patientAt(session: InspectorSession, pid: number): Promise<Patient> {
  const { result } = await session.post<{ result: { value: PatientFacts } }>('Runtime.evaluate', {
    expression: `({
      nodeVersion: process.version,
      folder: process.cwd(),
      uptimeMs: process.uptime() * 1000,
      workers: process.getActiveResourcesInfo().filter((one) => one === 'Worker').length,
    })`,
    returnByValue: true,
  });
  return {
    pid,
    session,
    facts: result.value,
    scripts: () => scriptsOf(session),
    isAlive: () =>
      osMemory(pid).then(
        () => true,
        () => false,
      ),
  };
}
