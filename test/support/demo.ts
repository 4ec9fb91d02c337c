import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Command, startCommand } from './command.js';

/** Runs `leak-lab demo`. */
export function demo(...args: string[]): Command {
  // A process group of its own, as a shell gives every command: Ctrl-C reaches all of it at once.
  return startCommand(['demo', ...args], { detached: true });
}

/** Printed after the first stage, so that the load is running and most of it is still to come. */
export const UNDER_LOAD = /^ +10,000 /m;

/** Whether any process of the group is left. */
export function groupRuns(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

/** How many processes the group has. */
export async function groupSize(leader: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=']);
  return stdout.split('\n').filter((line) => Number(line) === leader).length;
}
