import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { drivenWork } from '../../src/cli/diagnose-work.js';
import { type Diagnosis, diagnose, type Suspect, targetAt } from '../../src/kit/diagnosis/index.js';
import { attach } from '../../src/kit/process/attach.js';

/** Starts a program of the folder beside this file in a process of its own, without a flag that prepares it. */
export async function startTarget(file: string, flags = ['--inspect-port=0']) {
  const path = fileURLToPath(new URL(`targets/${file}`, import.meta.url));
  // A port of its own for the inspector: 9229 may be another process's.
  const child = spawn(process.execPath, [...flags, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const origin = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}`;
  return { child, pid: child.pid!, origin };
}

/** Diagnoses it as the command does, without the time that a leak is doubted. */
export async function diagnoseTarget(
  { pid, origin }: { pid: number; origin: string },
  confirmClear?: (suspect: Suspect) => Promise<boolean>,
): Promise<{ diagnosis: Diagnosis; errors: number }> {
  const { signal } = new AbortController();
  const session = await attach(pid);
  try {
    const asks = [{ method: 'GET', path: '/', headers: {} }];
    const work = drivenWork({ origin, asks, roundSize: 450, connections: 10, signal });
    const diagnosis = await diagnose(await targetAt(session, pid), work, {
      urls: [origin],
      snapshot: false,
      collect: true,
      maxPauseMs: undefined,
      force: false,
      doubt: { atLeastMs: 0, restMs: 0 },
      confirmClear,
      signal,
    });
    return { diagnosis, errors: work.answers.errors };
  } finally {
    await session.close();
  }
}
