import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { drivenWork } from '../../src/cli/diagnose-work.js';
import { diagnose } from '../../src/kit/diagnosis/diagnose.js';
import type { Diagnosis, Suspect } from '../../src/kit/diagnosis/result.js';
import { patientAt } from '../../src/kit/diagnosis/target.js';
import { attach } from '../../src/kit/process/attach.js';

/** A program of the folder beside this, in a process of its own, which no flag prepares for being looked into. */
export async function startPatient(file: string, flags = ['--inspect-port=0']) {
  const path = fileURLToPath(new URL(`patients/${file}`, import.meta.url));
  // A port of its own for the inspector: 9229 may be somebody else's.
  const child = spawn(process.execPath, [...flags, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const origin = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}`;
  return { child, pid: child.pid!, origin };
}

/** A diagnosis as the command makes it, without the time that it takes to doubt a leak. */
export async function diagnosePatient(
  { pid, origin }: { pid: number; origin: string },
  mayEmpty?: (suspect: Suspect) => Promise<boolean>,
): Promise<{ diagnosis: Diagnosis; errors: number }> {
  const { signal } = new AbortController();
  const session = await attach(pid);
  try {
    const asks = [{ method: 'GET', path: '/', headers: {} }];
    const work = drivenWork({ origin, asks, roundSize: 450, connections: 10, signal });
    const diagnosis = await diagnose(await patientAt(session, pid), work, {
      urls: [origin],
      snapshot: false,
      collect: true,
      maxPauseMs: undefined,
      force: false,
      doubt: { atLeastMs: 0, restMs: 0 },
      mayEmpty,
      signal,
    });
    return { diagnosis, errors: work.answers.errors };
  } finally {
    await session.close();
  }
}
