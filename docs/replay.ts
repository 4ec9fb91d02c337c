import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../load/free-port.js';
import type { Step } from './lesson.js';
import { match } from './match.js';

/** Commands that go on until somebody ends them; each takes the place of the one before. */
const STAYS = /^(npm run (start|start:\w+|mystery)\b(?!.*--answer)|node .*dist\/src\/main\.js)/;
/** Commands that go to the taught port when no address is given. */
const DRIVES = /^npm run load\b/;
const READY = /http:\/\/127\.0\.0\.1:\d+/;
const STARTS_WITHIN_MS = 60_000;
/** The service says some things only when it has looked often enough, or has ended. */
const SAYS_WITHIN_MS = 60_000;
/** Where the lessons say that the service listens. */
const TAUGHT_PORT = '8000';

/** Types the commands of a lesson, one after the other, and reports what each step printed. */
export class Terminal {
  private service: { child: ChildProcess; printed: () => string } | null = null;
  private port = TAUGHT_PORT;
  /** What the lessons call /tmp, and where the consoles' sockets go: other services of this user have some too. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'leak-lab-lesson-'));

  /** @returns the lines that the step printed, without npm's own and without colours. */
  async type({ commands }: Step): Promise<string[]> {
    let printed = '';
    for (const command of commands) {
      printed += STAYS.test(command) ? await this.start(command) : await this.run(command);
    }
    return this.linesOf(printed);
  }

  /**
   * Waits until the service has said in its terminal what a lesson shows.
   *
   * @returns what it said in place of each line shown
   * @throws Error which says the first line that it did not say
   */
  async overhear(shown: string[]): Promise<string[]> {
    for (const until = Date.now() + SAYS_WITHIN_MS; ; await sleep(100)) {
      const said = this.linesOf(this.service?.printed() ?? '');
      try {
        // More may follow: a log has no end.
        return match([...shown, '…'], said).slice(0, -1);
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }

  private linesOf(printed: string): string[] {
    return printed
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => !/^(> |npm warn )/.test(line))
      .join('\n')
      .replaceAll(`:${this.port}`, `:${TAUGHT_PORT}`)
      .replaceAll(this.folder, '/tmp')
      .replaceAll(/\n{3,}/g, '\n\n')
      .replaceAll(/^\n+|\s+$/g, '')
      .split('\n');
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  private async stop(): Promise<void> {
    const { child } = this.service ?? {};
    this.service = null;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    // npm, the shell and the service are a group of their own.
    process.kill(-child.pid!, 'SIGINT');
    await ended;
  }

  private async start(command: string): Promise<string> {
    await this.stop();
    this.port = String(await freePort());
    const { child, printed } = this.spawn(command);
    this.service = { child, printed };
    for (const until = Date.now() + STARTS_WITHIN_MS; !READY.test(printed()); await sleep(50)) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`${command} did not start: ${printed()}`);
    }
    return printed();
  }

  private async run(command: string): Promise<string> {
    const { child, printed } = this.spawn(command);
    await once(child, 'close');
    return printed();
  }

  /** The command with the port and the folder that are free here: 8000 and /tmp may have something of somebody else's. */
  private here(command: string): string {
    const moved = command
      .replaceAll(`:${TAUGHT_PORT}`, `:${this.port}`)
      .replaceAll('/tmp/', `${this.folder}/`);
    if (!DRIVES.test(command) || /--url/.test(command)) return moved;
    const address = `--url http://127.0.0.1:${this.port}/users/random`;
    return moved
      .replace(DRIVES, (drive) => `${drive} -- ${address}`)
      .replace(`${address} -- `, `${address} `);
  }

  private spawn(command: string): { child: ChildProcess; printed: () => string } {
    const child = spawn('bash', ['-c', this.here(command)], {
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
    return { child, printed: () => text };
  }
}
