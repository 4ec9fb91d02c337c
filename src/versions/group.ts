import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../kit/process/alive.js';
import { onExit } from './on-exit.js';

const POLL_MS = 50;
const STOPS_WITHIN_MS = 5_000;
const MOST_OUTPUT = 4 * 1024;

/** A shell command in a process group of its own, so that all of its children end with it, and when leak-lab exits. */
export class Group {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  private readonly forget: () => void;
  private text = '';

  constructor(command: string, folder: string, variables: Record<string, string> = {}) {
    this.child = spawn('sh', ['-c', command], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...variables },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.text = (this.text + chunk).slice(-MOST_OUTPUT);
      });
    // It rejects where the command could not be started, which counts as its end.
    this.ended = once(this.child, 'exit')
      .catch(() => null)
      .then(() => undefined);
    this.forget = onExit(() => this.signal('SIGKILL', []));
  }

  /** The end of what it has printed. */
  output(): string {
    return this.text.trim();
  }

  /** Asks it to end, and ends what is left after some seconds. @param listener a process that may have left the group */
  async stop(listener?: number): Promise<void> {
    const others = listener === undefined ? [] : [listener];
    this.signal('SIGTERM', others);
    const deadline = Date.now() + STOPS_WITHIN_MS;
    while (Date.now() < deadline && this.reached(others).length > 0) await sleep(POLL_MS);
    this.signal('SIGKILL', others);
    if (this.child.pid !== undefined) await this.ended;
    this.forget();
  }

  private signal(name: NodeJS.Signals, others: number[]): void {
    for (const target of this.reached(others)) {
      try {
        process.kill(target, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  /** The group, by its negative number, and the others, as far as they are alive. */
  private reached(others: number[]): number[] {
    const { pid } = this.child;
    return [...(pid === undefined ? [] : [-pid]), ...others].filter((target) => isAlive(target));
  }
}
