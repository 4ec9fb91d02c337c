import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { REPLServer } from 'node:repl';
import { styleText } from 'node:util';
import { Evaluator } from './evaluator.js';
import { helpText } from './help.js';
import type { Interrupts } from './interrupts.js';
import { Output } from './output.js';
import { isForPipes, PipedLines } from './piped-lines.js';
import { show } from './show.js';
import type { StrayErrors } from './stray-errors.js';
import { send, type FromClient, type FromService, type Size } from './wire.js';
import type { Verb } from './verbs/verb.js';

/** What all clients of a service share. */
export interface ConsoleHost {
  name: string;
  directory: string;
  interrupts: Interrupts;
  strayErrors: StrayErrors;
  /** Creates the names in scope at the prompt of one client. */
  scope: (notify: (note: string) => void) => { names: Record<string, unknown>; verbs: Verb[] };
}

const FAILED = 1;
const INTERRUPTED = 130;

/** One client: some code, lines from a pipe, or a terminal. */
export class ClientSession {
  private evaluator: Evaluator | undefined;
  private output: Output | undefined;
  private piped: PipedLines | undefined;
  private colours = false;
  private readonly scope: ReturnType<ConsoleHost['scope']>;

  constructor(
    readonly number: number,
    private readonly socket: Socket,
    private readonly host: ConsoleHost,
  ) {
    this.scope = host.scope((note) => this.notify(note));
  }

  get context(): object | undefined {
    return this.evaluator?.server.context;
  }

  start(start: NonNullable<FromClient['start']>): void {
    this.begin(start).catch((error: unknown) => {
      this.reply({ note: `leak-lab: the console could not be opened: ${String(error)}` });
      this.end(2);
    });
  }

  receive(message: FromClient): void {
    const { keys, size } = message;
    if (keys !== undefined) this.evaluator?.input.write(keys);
    if (size !== undefined) this.output?.resize(size);
    void this.piped?.receive(message);
  }

  /** Ctrl-C: ends what is evaluated, and keeps the variables. */
  interrupt(): void {
    const { evaluator: before, output } = this;
    if (!before || !output) return;
    if (!output.isTTY) this.end(INTERRUPTED);
    else if (!before.isEvaluating) before.input.write('\u0003');
    else {
      before.abandon();
      output.write(`${this.paint('yellow', 'interrupted')}\n`);
      this.evaluator = undefined;
      void this.prompt(output, before);
    }
  }

  /** Ends the session and releases everything of it. */
  close(): void {
    this.evaluator?.abandon();
    this.evaluator = undefined;
    this.socket.end();
  }

  private begin(start: NonNullable<FromClient['start']>): Promise<void> {
    if ('code' in start) return this.answer(start.code);
    return 'piped' in start ? this.openPipe() : this.openTerminal(start);
  }

  private async answer(code: string): Promise<void> {
    const { evaluator, print } = await this.withoutTerminal();
    try {
      print(await evaluator.run(code));
      this.end(0);
    } catch (error) {
      this.fail(error);
    }
  }

  private async openPipe(): Promise<void> {
    const { evaluator, output, print } = await this.withoutTerminal();
    this.piped = new PipedLines(evaluator, {
      print,
      help: () => output.write(this.help(evaluator.server, isForPipes)),
      next: () => this.reply({ next: true }),
      exit: () => this.end(0),
      fail: (error) => this.fail(error),
    });
    this.reply({ next: true });
  }

  private async withoutTerminal() {
    const output = this.outputOf(undefined);
    const failed = (error: unknown): void => this.fail(error);
    const evaluator = await Evaluator.start({ ...this.options(output, ''), failed });
    this.evaluator = evaluator;
    const print = (value: unknown): void => {
      if (value !== undefined) output.write(`${this.show(value)}\n`);
    };
    return { evaluator, output, print };
  }

  /** Ends the session with an error: of what is evaluated, or of code that an earlier line left behind. */
  private fail(error: unknown): void {
    const line = this.piped ? `\n    in line ${this.piped.count} of the input` : '';
    this.reply({ note: `Uncaught ${this.show(error)}${line}` });
    this.end(FAILED);
  }

  private async openTerminal(start: { terminal: Size; colours: boolean }) {
    this.colours = start.colours;
    const output = this.outputOf(start.terminal);
    output.write(
      `${this.host.name}, process ${process.pid}. ${this.paint('dim', '.help lists the verbs. Ctrl-D exits.')}\n`,
    );
    await this.prompt(output);
  }

  private async prompt(output: Output, before?: Evaluator): Promise<void> {
    const options = { ...this.options(output, `${this.host.name}> `), onExit: () => this.end(0) };
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
        output.write(this.help(server));
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

  private help({ commands }: REPLServer, isListed: (command: string) => boolean = () => true): string {
    const listed = Object.entries(commands)
      .filter(([name]) => isListed(name))
      .map(([name, command]) => [name, command?.help ?? ''] as const);
    return helpText(this.scope.verbs, listed, (name) => this.paint('cyan', name));
  }

  private show(value: unknown): string {
    return show(value, { colours: this.colours, columns: this.output?.columns ?? 80 });
  }

  /** Shows a note, such as a cost, beside the answer. */
  private notify(note: string): void {
    if (this.output?.isTTY) this.output.write(`${this.paint('dim', note)}\n`);
    else this.reply({ note });
  }

  private paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }

  private outputOf(terminal: Size | undefined): Output {
    const output = new Output((print) => this.reply({ print }), terminal);
    this.output = output;
    this.socket.on('drain', () => output.drained());
    return output;
  }

  private reply(message: FromService): boolean {
    return send(this.socket, message);
  }

  private end(code: number): void {
    this.reply({ end: code });
    this.close();
  }
}
