import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Printed {
  code: number;
  out: string;
  err: string;
}

/** Runs the compiled `diagnose` command, as this user or another one. */
export function diagnoseCommand(args: string[], user: { uid?: number; gid?: number } = {}): Promise<Printed> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'diagnose', ...args], user, (_error, out, err) =>
      resolve({ code: child.exitCode!, out, err }),
    );
  });
}

/** Expects exit code 2, one sentence on standard error, and nothing on standard output. */
export function expectRefused({ code, out, err }: Printed, said: RegExp): void {
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(said);
  expect(err).toMatch(/^leak-lab: [^\n]+ \[LEAK_LAB_\w+\]\n$/);
}
