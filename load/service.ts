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
  /** The last kilobytes that it has written to standard error. */
  errorOutput(): string;
  /** Resolves when the process ends. @returns its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Sends it a signal and waits for its end. @returns its exit code; null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The compiled service, also when a test runs this file uncompiled. */
export const SERVICE_MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/src/main.js' : '../src/main.js', import.meta.url),
);
const MOST_OUTPUT = 8 * 1024;

/** Starts the demo service on a free port. It ends when this process ends, or before. */
export async function startService(args: string[], nodeFlags: string[] = []): Promise<Service> {
  if (!existsSync(SERVICE_MAIN)) {
    throw new Problem(
      'LEAK_LAB_REPOSITORY',
      'the demo service is part of the repository of leak-lab, not of its package: clone the repository and run npm ci',
    );
  }
  const child = spawn(process.execPath, [...nodeFlags, SERVICE_MAIN, '--port', '0', ...args], {
    // The service ends when this channel closes, which happens however this process ends.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // The service must not read the variables that the shell exports for other services.
    env: { PATH: process.env['PATH'] },
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  child.channel?.unref();
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-MOST_OUTPUT);
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
