import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  out: string;
  err: string;
}

export interface Command {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when standard output matches. Rejects when the command ends before. */
  printed: (pattern: RegExp) => Promise<void>;
}

/** Runs a compiled command of leak-lab in a process of its own. */
export function startCommand(args: string[], options: SpawnOptions = {}): Command {
  const child = spawn(process.execPath, [resolve('dist/src/cli/main.js'), ...args], {
    ...options,
    stdio: 'pipe',
  });
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, err }));
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (pattern.test(out)) resolve();
        };
        child.stdout?.on('data', check);
        check();
        child.once('close', () =>
          reject(new Error(`the command ended before it printed ${pattern}:\n${out}${err}`)),
        );
      }),
  };
}
