import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs `leak-lab demo`. */
export function demo(...args: string[]) {
  // A process group of its own, as a shell gives every command: Ctrl-C reaches all of it at once.
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'demo', ...args], { detached: true });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([[code], out, err]) => ({ code: code as number, out, err })) };
}

/** Whether any process of the group is left. */
export function groupRuns(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}
