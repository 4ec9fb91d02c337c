import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import type { Ended } from './command.js';

/** Runs the compiled mystery to its end. @param temporary its folder for temporary files */
export async function mystery(args: string[], temporary?: string): Promise<Ended> {
  const child = startMystery(args, temporary);
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, out, err };
}

export function startMystery(args: string[], temporary?: string) {
  return spawn(process.execPath, [resolve('dist/src/mystery/mystery.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(temporary !== undefined && { TMPDIR: temporary }) },
  });
}
