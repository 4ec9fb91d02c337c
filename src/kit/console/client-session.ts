import type { Socket } from 'node:net';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Evaluator } from './evaluator.js';
import type { Interrupts } from './interrupts.js';
import { Output } from './output.js';
import { show } from './show.js';
import type { StrayErrors } from './stray-errors.js';
import { send, type FromClient, type FromService } from './wire.js';
import type { Verb } from './verbs/verb.js';

/** What all clients of a service share. */
export interface ConsoleHost {
  name: string;
  directory: string;
  interrupts: Interrupts;
  strayErrors: StrayErrors;
  /** What is in scope at the prompt, made anew for each client. */
  scope: (say: (note: string) => void) => { names: Record<string, unknown>; verbs: Verb[] };
}

const FAILED = 1;
const INTERRUPTED = 130;

/** One client, from its first word to its last. */
export class ClientSession {
  private evaluator: Evaluator | undefined;
  private output: Output | undefined;
  private colours = false;
  private readonly scope: ReturnType<ConsoleHost['scope']>;

  constructor(
    readonly number: number,
    private readonly socket: Socket,
    private readonly host: ConsoleHost,
  ) {
    this.scope = host.scope((note) => this.say(note));
  }

  get context(): object | undefined {
    return this.evaluator?.server.context;
  }

  attend(start: NonNullable<FromClient['start']>): void {
    const work = 'code' in start ? this.answer(start.code) : this.openTerminal(start);
    work.catch((error: unknown) => {
      this.tell({ note: `leak-lab: the console cannot open: ${String(error)}` });
      this.end(2);
    });
  }

  hear({ keys, size }: FromClient): void {
    if (keys !== undefined) this.evaluator?.input.write(keys);
    if (size !== undefined) this.output?.resize(size);
  }

  /** Ctrl-C. */
  interrupt(): void {
    const before = this.evaluator;
    if (!before) return;
    if (!this.output!.isTTY) this.end(INTERRUPTED);
    else if (!before.underWay) before.input.write('\u0003');
    else {
      before.abandon();
      this.output!.write(`${this.paint('yellow', 'interrupted')}\n`);
      this.evaluator = undefined;
      void this.prompt(before);
    }
  }

  /** The client is gone, or is to go. Nothing of it is kept. */
  close(): void {
    this.evaluator?.abandon();
    this.evaluator = undefined;
    this.socket.end();
  }

  private async answer(code: string): Promise<void> {
    this.output = this.outputOf(undefined);
    this.evaluator = await Evaluator.start({ ...this.options(this.output, ''), failed: () => {} });
    try {
      const value = await this.evaluator.run(code);
      if (value !== undefined) this.output.write(`${this.show(value)}\n`);
      this.end(0);
    } catch (error) {
      this.tell({ note: `Uncaught ${this.show(error)}` });
      this.end(FAILED);
    }
  }

  private async openTerminal(start: { terminal: { columns: number; rows: number }; colours: boolean }) {
    this.colours = start.colours;
    this.output = this.outputOf(start.terminal);
    this.output.write(
      `${this.host.name}, process ${process.pid}. ${this.paint('dim', '.help lists the verbs, Ctrl-D leaves')}\n`,
    );
    await this.prompt();
  }

  private async prompt(before?: Evaluator): Promise<void> {
    const options = { ...this.options(this.output!, `${this.host.name}> `), left: () => this.end(0) };
    const evaluator = await Evaluator.start(options, before);
    if (this.socket.destroyed) {
      evaluator.abandon();
      return;
    }
    this.evaluator = evaluator;
    const { server } = evaluator;
    server.defineCommand('help', {
      help: 'Print this help message',
      action: () => {
        this.output!.write(this.help());
        server.displayPrompt();
      },
    });
    server.setupHistory(join(this.host.directory, 'history'), () => {});
  }

  private options(output: Output, prompt: string) {
    const { interrupts, strayErrors } = this.host;
    return {
      client: this.number,
      output,
      prompt,
      interrupts,
      strayErrors,
      colours: this.colours,
      writer: (value: unknown) => this.show(value),
      fill: (context: object) => {
        for (const [name, value] of Object.entries(this.scope.names))
          Object.defineProperty(context, name, { value, configurable: true, writable: true });
      },
    };
  }

  private help(): string {
    const { verbs } = this.scope;
    const width = Math.max(...verbs.map(({ usage }) => usage.length));
    return [
      ...verbs.map(({ usage, help }) => `  ${this.paint('cyan', usage.padEnd(width))}  ${help}`),
      '',
      ...Object.entries(this.evaluator!.server.commands).map(
        ([name, command]) => `  ${this.paint('cyan', `.${name}`.padEnd(width))}  ${command!.help ?? ''}`,
      ),
      '',
      '  app, get(Provider or "Name") and every provider by its class are in scope. Promises are awaited.',
      '  What a snapshot told of an object is told again without another; { fresh: true } takes a new one.',
      '  _ is the last answer while something else holds it. Ctrl-C interrupts, also an endless loop.',
      '',
    ].join('\n');
  }

  private show(value: unknown): string {
    return show(value, { colours: this.colours, columns: this.output!.columns });
  }

  /** Beside the answer: what it will cost, mostly. */
  private say(note: string): void {
    if (this.output?.isTTY) this.output.write(`${this.paint('dim', note)}\n`);
    else this.tell({ note });
  }

  private paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }

  private outputOf(terminal: { columns: number; rows: number } | undefined): Output {
    const output = new Output((print) => this.tell({ print }), terminal);
    this.socket.on('drain', () => output.drained());
    return output;
  }

  private tell(message: FromService): boolean {
    return send(this.socket, message);
  }

  private end(code: number): void {
    this.tell({ end: code });
    this.close();
  }
}
