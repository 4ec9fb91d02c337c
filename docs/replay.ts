import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../load/free-port.js';
import type { Step } from './lesson.js';
import { match } from './match.js';

/** Commands that start a service, which runs until the next one replaces it. */
const STARTS_SERVICE =
  /^(npm run (start|start:\w+|mystery)\b(?!.*--(answer|give-up|fix|check|hint)\b)|node .*dist\/src\/main\.js)/;
/** Commands that send requests to the port of the lessons if no URL is given. */
const SENDS_LOAD = /^npm run load\b/;
const READY = /http:\/\/127\.0\.0\.1:\d+/;
const STARTS_WITHIN_MS = 60_000;
/** Some messages of the service need several readings, or its end. */
const PRINTS_WITHIN_MS = 60_000;
/** Progress without a terminal. In that of a reader, a bar takes its place, and disappears. */
const PROGRESS = /^leak-lab: .*, \d+ %$/;
/** The port in the text of the lessons. A replay uses a free one instead. */
const LESSON_PORT = '8000';

interface Running {
  child: ChildProcess;
  output: () => string;
}

/** Runs the commands of a lesson one after the other, and returns what each step printed. */
export class Terminal {
  private service: Running | null = null;
  private port = LESSON_PORT;
  /** Replaces /tmp of the lessons and the directory of the console sockets, which other services may use. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'leak-lab-lesson-'));

  /**
   * @returns the lines that the step printed, without those of npm and of progress, and without colours
   * @throws Error when the step changes a file and cannot
   */
  async run({ commands, isEdit = false }: Pick<Step, 'commands' | 'isEdit'>): Promise<string[]> {
    let printed = '';
    for (const command of commands) {
      printed += STARTS_SERVICE.test(command)
        ? await this.start(command)
        : await this.execute(command, isEdit);
    }
    return this.linesOf(printed);
  }

  /**
   * Waits until the service has printed what a lesson shows.
   *
   * @returns what it printed in place of each line shown
   * @throws Error that names the first line that it did not print within a minute
   */
  async waitForService(shown: string[]): Promise<string[]> {
    for (const until = Date.now() + PRINTS_WITHIN_MS; ; await sleep(100)) {
      try {
        // A log goes on, so lines may follow.
        return match([...shown, '…'], this.serviceOutput()).slice(0, -1);
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }

  /** All lines that the service has printed. */
  serviceOutput(): string[] {
    return this.linesOf(this.service?.output() ?? '');
  }

  /** Ends the service and removes the folder. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  private linesOf(printed: string): string[] {
    return printed
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => !/^(> |npm warn )/.test(line) && !PROGRESS.test(line))
      .join('\n')
      .replaceAll(`:${this.port}`, `:${LESSON_PORT}`)
      .replaceAll(this.folder, '/tmp')
      .replaceAll(/\n{3,}/g, '\n\n')
      .replaceAll(/^\n+|\s+$/g, '')
      .split('\n');
  }

  private async stop(): Promise<void> {
    const { child } = this.service ?? {};
    this.service = null;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    // npm, its shell and the service form a process group of their own.
    process.kill(-child.pid, 'SIGINT');
    await ended;
  }

  private async start(command: string): Promise<string> {
    await this.stop();
    this.port = String(await freePort());
    const service = this.spawn(command);
    this.service = service;
    for (const until = Date.now() + STARTS_WITHIN_MS; !READY.test(service.output()); await sleep(50)) {
      if (service.child.exitCode !== null || Date.now() > until)
        throw new Error(`${command} did not start: ${service.output()}`);
    }
    return service.output();
  }

  private async execute(command: string, mustSucceed: boolean): Promise<string> {
    const { child, output } = this.spawn(command);
    await once(child, 'close');
    if (mustSucceed && child.exitCode !== 0)
      throw new Error(`a change of the lesson does not fit: ${output()}\n${command}`);
    return output();
  }

  /** The command with a free port and a private folder: port 8000 and /tmp may be in use by others. */
  private relocated(command: string): string {
    const moved = command
      .replaceAll(`:${LESSON_PORT}`, `:${this.port}`)
      .replaceAll('/tmp/', `${this.folder}/`);
    if (!SENDS_LOAD.test(command) || /--url/.test(command)) return moved;
    const address = `--url http://127.0.0.1:${this.port}/users/random`;
    return moved
      .replace(SENDS_LOAD, (load) => `${load} -- ${address}`)
      .replace(`${address} -- `, `${address} `);
  }

  private spawn(command: string): Running {
    const child = spawn('bash', ['-c', this.relocated(command)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: this.port, CONSOLE_DIRECTORY: this.folder, NO_COLOR: '1' },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    return { child, output: () => text };
  }
}
