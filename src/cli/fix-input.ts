import { readFile } from 'node:fs/promises';
import type { SuspectFacts } from '../kit/fix/index.js';
import { Problem } from '../kit/problem.js';

interface Input {
  diagnosis: string | undefined;
  suspect: number | undefined;
}

/** The suspects of a diagnosis file. @throws Problem LEAK_LAB_SETTINGS where there are none */
export async function suspectsIn({ diagnosis: file, suspect: rank }: Input): Promise<SuspectFacts[]> {
  if (file === undefined)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'nothing to mend: pass a diagnosis, as leak-lab diagnose --json FILE writes it',
    );
  const suspects = suspectsOf(await parsed(file), file);
  if (rank === undefined) return suspects;
  const chosen = suspects.filter((one) => one.rank === rank);
  if (chosen.length === 0)
    throw new Problem('LEAK_LAB_SETTINGS', `${file} has no suspect ${rank}: it has ${suspects.length}`);
  return chosen;
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

function suspectsOf(diagnosis: unknown, file: string): SuspectFacts[] {
  const { suspects } = (diagnosis ?? {}) as { suspects?: unknown };
  if (!Array.isArray(suspects) || !suspects.every(isSuspect))
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `${file} is no diagnosis: it has no list of suspects. Write one with leak-lab diagnose --json FILE`,
    );
  if (suspects.length === 0)
    throw new Problem('LEAK_LAB_SETTINGS', `${file} names no suspect, so there is nothing to mend`);
  return suspects;
}

function isSuspect(value: unknown): value is SuspectFacts {
  const one = value as Partial<SuspectFacts> | null;
  return (
    typeof one?.rank === 'number' &&
    typeof one.name === 'string' &&
    typeof one.kind === 'string' &&
    typeof one.owner === 'string' &&
    Array.isArray(one.path) &&
    Array.isArray(one.allocatedAt)
  );
}
