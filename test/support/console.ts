import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { startService, type Service } from '../../load/service.js';
import { consolesIn } from '../../src/kit/console/addresses.js';
import { ConsoleClient } from '../../src/kit/console/client.js';

const CLI = ['dist/src/cli/main.js', 'console'];
const WAITS_AT_MOST_MS = 50_000;

export interface Answer {
  code: number | null;
  out: string;
  err: string;
}

/** A temporary folder for sockets. Its path is short, because the path of a socket has a limit. */
export async function socketFolder() {
  const path = await mkdtemp(join(tmpdir(), 'llc-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The real service, with its console in a folder of its own. */
export async function serviceIn(directory: string, ...args: string[]): Promise<Service> {
  const service = await startService([...args, '--console-directory', directory]);
  await until(async () => (await consolesIn(directory)).some(({ pid }) => pid === service.pid));
  return service;
}

/** Starts `leak-lab console` without a terminal. */
export function startCli(directory: string, args: string[], input = '') {
  const child = spawn(process.execPath, [...CLI, '--console-directory', directory, ...args]);
  child.stdin.end(input);
  const answer = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, err]): Answer => ({ code: code as number | null, out, err }),
  );
  return { child, answer };
}

export const evaluate = (directory: string, code: string): Promise<Answer> =>
  startCli(directory, ['-e', code]).answer;

/** The printed value of some code, over a connection of this process. */
export async function ask(service: Service, directory: string, code: string): Promise<string> {
  const found = (await consolesIn(directory)).find(({ pid }) => pid === service.pid);
  const client = await ConsoleClient.connect(found!.path);
  const [output, error] = [new PassThrough(), new PassThrough()];
  error.resume();
  const answer = text(output);
  await client.run(code, { output: output as never, error });
  output.end();
  return answer;
}

/** `leak-lab console` on a terminal, which the program `script` provides. */
export function terminal(directory: string, env: Record<string, string> = {}) {
  const command = [process.execPath, ...CLI, '--console-directory', directory].join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    detached: true,
    env: { ...process.env, ...env },
  });
  let shown = '';
  let read = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    ended,
    /** Types, then waits until new output matches. @returns the new output up to the end of the match */
    async type(keys: string, expected: RegExp): Promise<string> {
      child.stdin.write(keys);
      // Colours and cursor movements differ between versions of Node.
      const fresh = (): string => stripVTControlCharacters(shown).slice(read);
      let found: RegExpExecArray | null = null;
      await until(() => (found = expected.exec(fresh())) !== null, fresh);
      const text = fresh().slice(0, found!.index + found![0].length);
      read += text.length;
      return text;
    },
    /** Ends it, as closing the window of the terminal does. */
    vanish(): void {
      process.kill(-child.pid!, 'SIGKILL');
    },
  };
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  seen: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + WAITS_AT_MOST_MS;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(
        `the condition was not met within ${WAITS_AT_MOST_MS / 1000} s; seen: ${JSON.stringify(seen())}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
