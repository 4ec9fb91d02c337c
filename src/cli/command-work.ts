import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Work } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';

/** Work that a command does: a load generator, a test suite, a script. */
export interface CommandWork extends Work {
  /** How often the command was started. */
  runs: () => number;
  /** Ends the command and everything that it started. */
  stop: () => Promise<void>;
}

/** A command that ends sooner than this did no work worth repeating, if it failed. */
const SOON_MS = 1_000;
/** So many failures in a row, each soon after the start, end the diagnosis. */
const MOST_FAILURES = 3;
/** A pause between two runs, so that a command that does nothing does not take a whole core. */
const APART_MS = 100;
const MOST_OUTPUT = 2_000;
/** How long the command has to end by itself after SIGTERM. */
const ENDS_WITHIN_MS = 2_000;
/** Exit codes of the shell: the command cannot be run, or is not found. */
const NOT_RUNNABLE: ReadonlySet<number | null> = new Set([126, 127]);

/**
 * Runs a command of the shell again and again, in a process group of its own, and counts seconds of it as work. It is
 * started with the first round.
 */
export function commandWork(command: string, roundMs: number, signal: AbortSignal): CommandWork {
  const runner = new Runner(command);
  return {
    unit: 'second',
    runs: () => runner.runs,
    stop: () => runner.stop(),
    async round() {
      runner.start();
      const start = performance.now();
      await sleep(roundMs, undefined, { signal });
      if (runner.problem) throw runner.problem;
      return (performance.now() - start) / 1000;
    },
  };
}

class Runner {
  runs = 0;
  problem: Problem | undefined;
  private child: ChildProcess | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly command: string) {}

  start(): void {
    this.running ??= this.repeat();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), ENDS_WITHIN_MS);
    await this.running;
    clearTimeout(timer);
    this.signal('SIGKILL'); // what it started and left behind
  }

  private async repeat(): Promise<void> {
    let failures = 0;
    while (!this.stopped && !this.problem) {
      const { code, ms, output } = await this.runOnce();
      if (this.stopped) return;
      failures = code === 0 || ms > SOON_MS ? 0 : failures + 1;
      if (NOT_RUNNABLE.has(code) || failures >= MOST_FAILURES) {
        this.problem = new Problem(
          'LEAK_LAB_LOAD_COMMAND',
          `the command of --load, ${JSON.stringify(this.command)}, ended with code ${code}: ${output.trim() || 'it printed nothing'}. Run it by itself until it works`,
        );
      }
      await sleep(APART_MS);
    }
  }

  private async runOnce(): Promise<{ code: number | null; ms: number; output: string }> {
    this.runs += 1;
    const start = performance.now();
    // A group of its own, so that everything that it starts can be ended with it.
    const child = spawn('sh', ['-c', this.command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-MOST_OUTPUT)));
    // `exit`, not `close`: a process that it left behind may hold its output open.
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, ms: performance.now() - start, output };
  }

  private signal(signal: NodeJS.Signals): void {
    const { child } = this;
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // ESRCH: the whole group has ended
    }
  }
}
