import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sentWork } from '../../src/cli/diagnose-work.js';
import { type Diagnosis, diagnose, type Suspect, targetAt } from '../../src/kit/diagnosis/index.js';
import { attach } from '../../src/kit/process/attach.js';

/** Starts a program, by its name in `targets/` or by its path, in a process of its own, without a flag that prepares it for a diagnosis. */
export async function startTarget(file: string, flags = ['--inspect-port=0']) {
  const path = isAbsolute(file) ? file : fileURLToPath(new URL(`targets/${file}`, import.meta.url));
  // A free port for the inspector: another process may have 9229.
  const child = spawn(process.execPath, [...flags, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const origin = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}`;
  return { child, pid: child.pid!, origin };
}

/** The same under limits of the shell, such as `ulimit -n 400`. */
export async function startLimited(file: string, limit: string) {
  const path = fileURLToPath(new URL(`targets/${file}`, import.meta.url));
  const command = `${limit} && exec "$0" --inspect-port=0 "$1"`;
  const child = spawn('sh', ['-c', command, process.execPath, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const origin = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}`;
  return { child, pid: child.pid!, origin };
}

/** Diagnoses it as the command does, without the rest in which memory could be given back. */
export async function diagnoseTarget(
  { pid, origin }: { pid: number; origin: string },
  confirmClear?: (suspect: Suspect) => Promise<boolean>,
  { path = '/', agesMs = 0 } = {},
): Promise<{ diagnosis: Diagnosis; errors: number }> {
  const { signal } = new AbortController();
  const session = await attach(pid);
  try {
    const templates = [{ method: 'GET', path, headers: {} }];
    const work = sentWork({ origin, templates, roundSize: 450, connections: 10, signal });
    const diagnosis = await diagnose(await targetAt(session, pid), work, {
      urls: [origin],
      snapshot: false,
      collect: true,
      maxPauseMs: undefined,
      force: false,
      doubt: { atLeastMs: 0, restMs: 0, agesMs },
      confirmClear,
      signal,
    });
    return { diagnosis, errors: work.answers().errors };
  } finally {
    await session.close();
  }
}
