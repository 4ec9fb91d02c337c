import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a program of the system printed, or why that is not known. */
export type Printed = { text: string; because: null } | { text: null; because: string };

/** A program that takes longer is of no use in a measurement. */
const LONGEST_MS = 20_000;
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_REASON = 160;

interface Failed {
  code?: string | number | null;
  killed?: boolean;
  stdout?: string;
  stderr?: string;
}

/**
 * Runs a program that is found by PATH, in the language that its output is known in.
 *
 * @param isPartial whether what it printed counts although it failed: lsof does so where it could not see all
 */
export async function run(program: string, args: readonly string[], isPartial = false): Promise<Printed> {
  const options = {
    timeout: LONGEST_MS,
    maxBuffer: MOST_BYTES,
    env: { ...process.env, LC_ALL: 'C' },
  };
  try {
    const { stdout } = await promisify(execFile)(program, [...args], options);
    return { text: stdout, because: null };
  } catch (error) {
    const failed = error as Failed;
    if (isPartial && failed.stdout) return { text: failed.stdout, because: null };
    return { text: null, because: `${program} ${reasonOf(failed)}` };
  }
}

function reasonOf({ code, killed, stderr = '', stdout = '' }: Failed): string {
  if (code === 'ENOENT') return 'is not installed';
  if (code === 'EACCES') return 'may not be started';
  if (killed) return `took more than ${LONGEST_MS / 1_000} s`;
  const [line] = `${stderr}\n${stdout}`.split('\n').flatMap((one) => one.trim() || []);
  return line ? `says: ${line.slice(0, LONGEST_REASON)}` : `ended with ${code ?? 'a signal'}`;
}
