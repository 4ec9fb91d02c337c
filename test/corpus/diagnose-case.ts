import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnosis, Suspect } from '../../src/kit/diagnosis/result.js';
import type { Verdict } from '../../src/kit/verdict/index.js';
import type { Case } from './case.js';
import { startPatient } from './target.js';

/** What a command of ours said about a case. */
export interface Examination {
  verdict: Verdict['kind'] | null;
  bytesPerRequest: number | null;
  first: Suspect | null;
  isRight: boolean;
  durationMs: number;
  /** Why there is no verdict, in the command's words. */
  failure: string | null;
  /** All that the command printed. */
  printed: string;
}

/** The doctor: the diagnosis, or the verdict alone. */
export type Doctor = 'diagnose' | 'load';

/** The compiled command, also for a test that runs this file as it is written. */
const MAIN = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/src/cli/main.js' : '../../src/cli/main.js',
    import.meta.url,
  ),
);
/** As many as a small service has: it is memory that is measured, and the machine may be shared. */
const CONNECTIONS = 20;
const ENDS_WITHIN_MS = 10 * 60_000;

/** Starts a case, has it examined from outside by the real command, and ends it. */
export async function examine(one: Case, doctor: Doctor): Promise<Examination> {
  const patient = await startPatient(one);
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-corpus-'));
  const json = join(folder, 'answer.json');
  const start = performance.now();
  try {
    const { url, pid } = patient;
    const load = ['--requests', one.requests, '--connections', CONNECTIONS];
    const flags = ['--pid', pid, '--url', url, ...load, '--json', json];
    const printed = await output([doctor, ...flags.map(String)]);
    const durationMs = performance.now() - start;
    const answer = await readFile(json, 'utf8').then(
      (text) => JSON.parse(text) as Partial<Diagnosis>,
      () => null,
    );
    const verdict = answer?.verdict ?? null;
    const first = answer?.suspects?.[0] ?? null;
    return {
      verdict: verdict?.kind ?? null,
      bytesPerRequest: verdict?.bytesPerRequest?.estimate ?? null,
      first,
      isRight: isRight(one, doctor, verdict?.kind ?? null, first),
      durationMs,
      failure: verdict ? null : printed.trim().split('\n').slice(-3).join(' '),
      printed,
    };
  } finally {
    await patient.stop();
    await rm(folder, { recursive: true });
  }
}

/** Of a leak the first suspect has to be named; of a healthy service nothing has to be said but "leak". */
function isRight(one: Case, doctor: Doctor, verdict: Verdict['kind'] | null, first: Suspect | null): boolean {
  if (verdict === null) return false;
  if (!one.suspect) return verdict !== 'leak' || (doctor === 'load' && one.filling);
  if (verdict !== 'leak') return false;
  if (doctor === 'load') return true;
  const { kinds, named } = one.suspect;
  return first !== null && kinds.includes(first.kind) && named.test(textOf(first));
}

/** What a person reads of a suspect. */
function textOf({ name, owner, type, path }: Suspect): string {
  return [name, owner, type, ...path].join(' ');
}

async function output(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: ENDS_WITHIN_MS }, (_error, out, err) =>
      resolve(out + err),
    );
  });
}
