import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Problem } from '../problem.js';
import { receive, send, type FromClient, type FromService } from './wire.js';

/** How long a service takes that is busy with a collection or a snapshot, and not in an endless loop. */
const ANSWERS_WITHIN_MS = 60_000;
const CTRL_C = '\u0003';

export interface Screen {
  output: NodeJS.WriteStream;
  /** For what is said beside the answer to a piece of code: prices, errors. */
  error: NodeJS.WritableStream;
}

/** A connection to the console inside a service. */
export class ConsoleClient {
  private interrupts: Socket | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly path: string,
  ) {}

  /** @throws Problem LEAK_LAB_CONSOLE when nobody answers. */
  static async connect(path: string): Promise<ConsoleClient> {
    return new ConsoleClient(await reach(path), path);
  }

  /** Evaluates a piece of code, and prints its value. @returns an exit code: 0, or 1 when it threw. */
  run(code: string, screen: Screen): Promise<number> {
    return this.talk({ code }, screen);
  }

  /** Hands the terminal to the service, until it is given back. @returns an exit code. */
  async open(input: NodeJS.ReadStream, screen: Screen, colours: boolean): Promise<number> {
    const { output } = screen;
    const type = (keys: string): void => {
      // Heard by another thread, as the service's own may be in an endless loop.
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
      return await this.talk({ terminal: sizeOf(output), colours }, screen);
    } finally {
      input.setRawMode(false).off('data', type).pause();
      output.off('resize', resize);
    }
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.interrupts?.write('stop\n');
  }

  close(): void {
    this.socket.destroy();
    this.interrupts?.destroy();
  }

  private async talk(start: NonNullable<FromClient['start']>, { output, error }: Screen): Promise<number> {
    const { socket, path } = this;
    const timer = setTimeout(() => socket.destroy(), ANSWERS_WITHIN_MS);
    try {
      return await new Promise<number>((resolve, reject) => {
        const fail = (): void => reject(this.silent(path));
        socket.once('close', fail);
        output.on('drain', () => socket.resume());
        receive(socket, (message: FromService) => {
          clearTimeout(timer);
          if (message.welcome) this.begin(start, message.welcome).catch(reject);
          // Nothing is read that cannot be shown: the service leaves out what waits for too long.
          if (message.print && !output.write(message.print)) socket.pause();
          if (message.note) error.write(`${message.note}\n`);
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
    this.interrupts.on('error', () => {}); // it ends with the console, which is told there
    this.interrupts.write(`${client}\n`);
    send(this.socket, { start } satisfies FromClient);
  }

  private silent(path: string): Problem {
    return new Problem(
      'LEAK_LAB_CONSOLE',
      `the service behind ${path} closed the console: it stopped, or is too busy to answer`,
    );
  }
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
    throw new Problem('LEAK_LAB_CONSOLE', `nobody answers at ${path} (${code}): is the service running?`, {
      cause,
    });
  }
}
