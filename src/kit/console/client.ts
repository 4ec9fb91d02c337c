import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { Problem } from '../problem.js';
import { receive, send, type FromClient, type FromService } from './wire.js';

/** Long enough for a service that is busy with a collection or a snapshot. */
const ANSWERS_WITHIN_MS = 60_000;
const CTRL_C = '\u0003';

export interface Screen {
  output: NodeJS.WriteStream;
  /** For costs and errors, beside the answer. */
  error: NodeJS.WritableStream;
}

/** How a client begins, and what it does when the service asks for the next line. */
interface Talk {
  start: NonNullable<FromClient['start']>;
  next?: () => Promise<void>;
}

/** A connection to the console inside a service. */
export class ConsoleClient {
  private interrupts: Socket | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly path: string,
  ) {}

  /** @throws Problem LEAK_LAB_CONSOLE when no console answers at the path */
  static async connect(path: string): Promise<ConsoleClient> {
    return new ConsoleClient(await reach(path), path);
  }

  /** Evaluates code and prints its value. @returns an exit code: 0, 1 when it threw, 130 when it was interrupted */
  run(code: string, screen: Screen): Promise<number> {
    return this.talk({ start: { code } }, screen);
  }

  /**
   * Evaluates the lines of a stream one by one, as a prompt would, and prints their values.
   *
   * @returns an exit code: 0, 1 at the first error, 130 when it was interrupted
   */
  async pipe(input: Readable, screen: Screen): Promise<number> {
    const lines = linesOf(input);
    const next = async (): Promise<void> => {
      const { value, done } = await lines.next();
      send(this.socket, (done ? { ended: true } : { line: value }) satisfies FromClient);
    };
    try {
      return await this.talk({ start: { piped: true }, next }, screen);
    } finally {
      input.destroy(); // a pipe that is still open would keep the command running
    }
  }

  /** Connects the terminal to the service, until the person leaves. @returns an exit code */
  async open(input: NodeJS.ReadStream, screen: Screen, colours: boolean): Promise<number> {
    const { output } = screen;
    const type = (keys: string): void => {
      // Ctrl-C goes to another thread of the service, because the main one may be in an endless loop.
      const [first = '', ...afterCtrlC] = keys.split(CTRL_C);
      if (first !== '') send(this.socket, { keys: first } satisfies FromClient);
      for (const part of afterCtrlC) {
        this.interrupt();
        if (part !== '') send(this.socket, { keys: part } satisfies FromClient);
      }
    };
    const resize = (): void => {
      send(this.socket, { size: sizeOf(output) } satisfies FromClient);
    };
    input.setRawMode(true).setEncoding('utf8').on('data', type).resume();
    output.on('resize', resize);
    try {
      return await this.talk({ start: { terminal: sizeOf(output), colours } }, screen);
    } finally {
      input.setRawMode(false).off('data', type).pause();
      output.off('resize', resize);
    }
  }

  /** Interrupts what the service evaluates, as Ctrl-C does. */
  interrupt(): void {
    this.interrupts?.write('stop\n');
  }

  close(): void {
    this.socket.destroy();
    this.interrupts?.destroy();
  }

  private async talk({ start, next }: Talk, { output, error }: Screen): Promise<number> {
    const { socket, path } = this;
    const timer = setTimeout(() => socket.destroy(), ANSWERS_WITHIN_MS);
    try {
      return await new Promise<number>((resolve, reject) => {
        const fail = (): void => reject(closedBy(path));
        socket.once('close', fail);
        output.on('drain', () => socket.resume());
        receive(socket, (message: FromService) => {
          clearTimeout(timer);
          if (message.welcome) this.begin(start, message.welcome).catch(reject);
          // A slow screen stops the reading, and the service then leaves out what it cannot send.
          if (message.print && !output.write(message.print)) socket.pause();
          if (message.note) error.write(`${message.note}\n`);
          if (message.next) next?.().catch(reject);
          if (message.end !== undefined) resolve(message.end);
        });
        send(socket, { hello: true } satisfies FromClient);
      });
    } finally {
      clearTimeout(timer);
      this.close();
    }
  }

  private async begin(
    start: NonNullable<FromClient['start']>,
    { client, interrupts }: NonNullable<FromService['welcome']>,
  ): Promise<void> {
    this.interrupts = await reach(interrupts);
    this.interrupts.on('error', () => {}); // it fails with the console's own socket, which reports it
    this.interrupts.write(`${client}\n`);
    send(this.socket, { start } satisfies FromClient);
  }
}

/** The lines of a stream, read no faster than they are asked for. */
async function* linesOf(input: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
  return undefined;
}

function closedBy(path: string): Problem {
  return new Problem(
    'LEAK_LAB_CONSOLE',
    `the console at ${path} closed without an answer: the service stopped, or did not answer within ${ANSWERS_WITHIN_MS / 1000} s. Check its log, then connect again.`,
  );
}

function sizeOf({ columns, rows }: NodeJS.WriteStream) {
  return { columns: columns || 80, rows: rows || 24 };
}

async function reach(path: string): Promise<Socket> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `no console answers at ${path} (${code}). Check that the service runs, and that --socket has its path.`,
      { cause },
    );
  }
}
