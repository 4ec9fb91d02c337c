import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Problem } from '../src/kit/problem.js';

/** A service in a process of its own. */
export interface Service {
  /** Its address, such as `http://127.0.0.1:43210`. */
  url: string;
  pid: number;
  /** What it has written to standard error so far: the end of it, a few kilobytes. */
  errorOutput(): string;
  /** When it ends, of whatever. @returns its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Ends it as an operator would. @returns its exit code; null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The compiled service, also for a test that runs this file as it is written. */
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/src/main.js' : '../src/main.js', import.meta.url),
);
const KEPT_OUTPUT = 8 * 1024;

/** Starts our service on a free port. It ends with this process at the latest. */
export async function startService(args: string[], nodeFlags: string[] = []): Promise<Service> {
  if (!existsSync(MAIN)) {
    throw new Problem(
      'LEAK_LAB_REPOSITORY',
      'the service that leaks on purpose is in the repository of leak-lab, not in its package: clone it and run npm ci',
    );
  }
  const child = spawn(process.execPath, [...nodeFlags, MAIN, '--port', '0', ...args], {
    // The channel tells the service when this process is gone, of whatever it died.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // What the shell exports for other services is not meant for this one.
    env: { PATH: process.env['PATH'] },
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  child.channel?.unref();
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-KEPT_OUTPUT);
  });
  const url = await Promise.race([addressIn(child.stdout!), ended.then(() => undefined)]);
  if (!url) throw new Problem('LEAK_LAB_NO_ANSWER', `the service did not start: ${errors.trim()}`);
  child.stdout!.resume();
  return {
    url,
    pid: child.pid!,
    errorOutput: () => errors,
    ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string | undefined> {
  let text = '';
  output.setEncoding('utf8');
  return new Promise((resolve) => {
    output.on('data', (chunk: string) => {
      text += chunk;
      const address = / on (http:\/\/[^/\s]+)\/\S+ /.exec(text)?.[1];
      if (address) {
        output.removeAllListeners('data');
        resolve(address);
      }
    });
  });
}
