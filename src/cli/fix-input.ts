import { readFile } from 'node:fs/promises';
import { readOptions } from '../command/options.js';
import type { SuspectFacts } from '../kit/fix/index.js';
import { Problem } from '../kit/problem.js';
import { start } from '../versions/index.js';
import { diagnoseOptions } from './diagnose.js';
import { diagnoseLive } from './diagnose-live.js';
import type { FixSettings } from './fix-options.js';

/** The suspects of a diagnosis file, or of a diagnosis that is made now. @throws Problem LEAK_LAB_SETTINGS where there are none */
export async function suspectsOf(
  settings: FixSettings,
  root: string,
  signal: AbortSignal,
): Promise<SuspectFacts[]> {
  const { diagnosis: file, suspect: rank } = settings;
  const suspects =
    file === undefined ? await diagnosed(settings, root, signal) : suspectsIn(await parsed(file), file);
  if (suspects.length === 0)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `${file ?? 'the diagnosis'} names no suspect, so there is nothing to mend`,
    );
  if (rank === undefined) return suspects;
  const chosen = suspects.filter((one) => one.rank === rank);
  if (chosen.length === 0)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `there is no suspect ${rank}: the diagnosis names ${suspects.length}`,
    );
  return chosen;
}

/** Diagnoses the service that runs at the URL, or starts it first where its command is given. */
async function diagnosed(settings: FixSettings, root: string, signal: AbortSignal): Promise<SuspectFacts[]> {
  const { url, method, body, header, startTimeout } = settings;
  if (url.length === 0)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'nothing to mend: pass a diagnosis, as leak-lab diagnose --json FILE writes it, or --url to make one',
    );
  const running =
    settings.start === undefined
      ? null
      : await start({
          name: 'service',
          command: settings.start,
          folder: root,
          withinMs: startTimeout * 1_000,
          signal,
        });
  try {
    const args = [
      ...url.flatMap((one) => ['--url', one.replaceAll('{port}', String(running?.port ?? ''))]),
      '--method',
      method,
      ...(body === undefined ? [] : ['--body', body]),
      ...header.flatMap((one) => ['--header', one]),
      ...(running ? ['--pid', String(running.pid)] : []),
    ];
    const { suspects } = await diagnoseLive(readOptions(diagnoseOptions, args), signal);
    return suspects;
  } finally {
    await running?.stop();
  }
}

async function parsed(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Problem('LEAK_LAB_SETTINGS', `cannot read the diagnosis ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function suspectsIn(diagnosis: unknown, file: string): SuspectFacts[] {
  const { suspects } = (diagnosis ?? {}) as { suspects?: unknown };
  if (!Array.isArray(suspects) || !suspects.every(isSuspect))
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `${file} is no diagnosis: it has no list of suspects. Write one with leak-lab diagnose --json FILE`,
    );
  return suspects;
}

function isSuspect(value: unknown): value is SuspectFacts {
  const one = value as Partial<SuspectFacts> | null;
  return (
    typeof one?.rank === 'number' &&
    [one.name, one.kind, one.owner, one.type, one.advice].every((field) => typeof field === 'string') &&
    Array.isArray(one.path) &&
    Array.isArray(one.allocatedAt)
  );
}
