import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DiagnosisJson } from '../../src/kit/diagnosis/index.js';
import type { VerdictKind } from '../../src/kit/verdict/index.js';
import type { Case } from './case.js';
import { startTarget } from './target.js';

type SuspectJson = DiagnosisJson['suspects'][number];

/** The result of a command for a case. */
export interface Answer {
  verdict: VerdictKind | null;
  bytesPerRequest: number | null;
  first: SuspectJson | null;
  isRight: boolean;
  durationMs: number;
  /** The longest slice of a walk, and the most memory that the service had; null where that is not known. */
  walkMs: number | null;
  snapshots: boolean;
  peakRssBytes: number | null;
  /** Why there is no verdict, as the command printed it. */
  failure: string | null;
  /** The whole output of the command. */
  printed: string;
}

/** `diagnose`, or `load` for the verdict alone. */
export type Command = 'diagnose' | 'load';

/** The compiled command, also when a test runs this file uncompiled. */
const MAIN = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/src/cli/main.js' : '../../src/cli/main.js',
    import.meta.url,
  ),
);
/** Few connections are enough: memory is measured, not speed, and the machine may be shared. */
const CONNECTIONS = 20;
const ENDS_WITHIN_MS = 10 * 60_000;

/** Starts the service of a case, diagnoses it from outside with the real command, and stops it. */
export async function diagnoseCase(one: Case, command: Command): Promise<Answer> {
  const target = await startTarget(one);
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-corpus-'));
  const json = join(folder, 'answer.json');
  const start = performance.now();
  try {
    const { url, pid, options = [] } = target;
    const requests = one.requests === null ? [] : ['--requests', one.requests];
    const load = [...requests, '--connections', CONNECTIONS, ...options];
    const flags = [...(pid === null ? [] : ['--pid', pid]), '--url', url, ...load, '--json', json];
    const printed = await output([command, ...flags.map(String)]);
    const durationMs = performance.now() - start;
    const written = await readFile(json, 'utf8').then(
      (text) => JSON.parse(text) as Partial<DiagnosisJson>,
      () => null,
    );
    const verdict = written?.verdict ?? null;
    const first = written?.suspects?.[0] ?? null;
    const broken = written && whatBroke(written);
    return {
      verdict: verdict?.kind ?? null,
      bytesPerRequest:
        verdict && 'bytesPerRequest' in verdict ? (verdict.bytesPerRequest?.estimate ?? null) : null,
      first,
      isRight: broken === null && isRight(one, command, verdict?.kind ?? null, first),
      durationMs,
      walkMs: written?.timingsMs?.['longest slice'] ?? null,
      snapshots: Boolean(written?.snapshot),
      peakRssBytes: pid === null ? null : await peakRssOf(pid),
      failure: verdict ? broken : printed.trim().split('\n').slice(-3).join(' '),
      printed,
    };
  } finally {
    await target.stop();
    await rm(folder, { recursive: true });
  }
}

/** A slice of a walk is 4 ms; a collection, and a busy machine, may add hundreds. */
const LONGEST_SLICE_MS = 2_000;

/** What is wrong with an answer that may be right all the same: another stage found the leak, or the service was stopped meanwhile. */
function whatBroke({ notes = [], timingsMs = {} }: Partial<DiagnosisJson>): string | null {
  const slice = timingsMs['longest slice'] ?? 0;
  if (slice > LONGEST_SLICE_MS) return `a walk stopped the service for ${slice} ms`;
  return notes.find(({ code }) => code === 'stage-failed')?.text ?? null;
}

/** Linux only. */
async function peakRssOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** A leak is right if its first suspect is; a healthy service is right unless the verdict is "leak". */
function isRight(
  one: Case,
  command: Command,
  verdict: VerdictKind | null,
  first: SuspectJson | null,
): boolean {
  if (verdict === null) return false;
  if (!one.suspect) return verdict !== 'leak' || (command === 'load' && one.filling);
  if (verdict !== 'leak') return false;
  if (command === 'load') return true;
  const { kinds, named } = one.suspect;
  return first !== null && kinds.includes(first.kind) && named.test(textOf(first));
}

/** The text of a suspect that the pattern of a case must match. */
function textOf({ name, owner, type, path }: SuspectJson): string {
  return [name, owner, type, ...path].join(' ');
}

async function output(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: ENDS_WITHIN_MS }, (_error, out, err) =>
      resolve(out + err),
    );
  });
}
