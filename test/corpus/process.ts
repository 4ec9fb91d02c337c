import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** How much output of a service that fails to start is reported. */
const MOST_OUTPUT = 4 * 1024;
const ASKED_EVERY_MS = 250;

/** A service of the corpus that runs. */
export interface RunningProcess {
  pid: number;
  /** The last that it printed until it answered. */
  printed: string;
  stop: () => Promise<void>;
}

interface Start {
  /** In errors. */
  name: string;
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  startsWithinMs: number;
  /** Asked again and again until it is so. @param printed the last that it printed */
  isUp: (printed: string) => boolean | Promise<boolean>;
}

/** Starts a service in a process group of its own, so that all of it ends together, and waits until it answers. */
export async function run({
  name,
  program,
  args,
  cwd,
  env,
  startsWithinMs,
  isUp,
}: Start): Promise<RunningProcess> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = once(child, 'exit');
  const { pid = 0 } = child;
  const kill = (): void => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    kill();
    process.off('exit', kill);
    await ended;
  };
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-MOST_OUTPUT)));
  for (let waited = 0; waited < startsWithinMs && child.exitCode === null; waited += ASKED_EVERY_MS) {
    await sleep(ASKED_EVERY_MS);
    if (await isUp(printed)) return { pid, printed, stop };
  }
  await stop();
  throw new Error(`${name} did not start: ${printed.trim()}`);
}
