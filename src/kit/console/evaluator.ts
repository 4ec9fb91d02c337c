import type { EventEmitter } from 'node:events';
import type { REPLServer } from 'node:repl';
import { PassThrough } from 'node:stream';
import type { Context } from 'node:vm';
import { awaited, cutStack, type Done } from './answers.js';
import type { Interrupts } from './interrupts.js';
import { nodeRepl, noDomain, nowhere } from './node-repl.js';
import type { Output } from './output.js';
import { type Listener, NODE_ROUTES_ERRORS, type StrayErrors } from './stray-errors.js';
import { scriptOf, STOPPED } from './stopping.js';
import { weakenLast } from './weak-last.js';

export interface EvaluatorOptions {
  client: number;
  output: Output;
  prompt: string;
  colours: boolean;
  writer: (value: unknown) => string;
  interrupts: Interrupts;
  strayErrors: StrayErrors;
  /** Defines the names in scope, at the start and after `.clear`. */
  fill: (context: Context) => void;
  /** Called when the person leaves with Ctrl-D or `.exit`. */
  onExit?: () => void;
  /** Told an uncaught error; what was evaluated may then never be answered. Without it, the prompt shows the error. */
  failed?: (error: unknown) => void;
}

/** The value of a line, or how the code goes on wrong if nothing follows. */
export type LineAnswer = { isComplete: true; value: unknown } | { isComplete: false; error: SyntaxError };

/** Evaluates the lines of one REPL, one at a time: each is awaited, can be interrupted, and is then forgotten. */
export class Evaluator {
  private readonly evaluate: REPLServer['eval'];
  private readonly queue: (() => void)[] = [];
  /** The line that is being evaluated. */
  private current: { end: () => void } | undefined;
  private abandoned = false;
  private readonly stray: Listener = { onError: (error) => this.showStray(error) };

  private constructor(
    readonly server: REPLServer,
    readonly input: PassThrough,
    private readonly options: EvaluatorOptions,
  ) {
    this.evaluate = server.eval;
    Object.assign(server, { eval: this.enqueue.bind(this) });
    weakenLast(server);
  }

  /** @param before an abandoned evaluator whose variables to go on with */
  static async start(options: EvaluatorOptions, before?: Evaluator): Promise<Evaluator> {
    const { start } = await nodeRepl();
    const { output, prompt, writer, colours, fill } = options;
    const input = new PassThrough();
    const started: { evaluator?: Evaluator } = {};
    const server = start({
      input,
      output,
      prompt,
      writer,
      terminal: output.isTTY,
      useColors: colours,
      useGlobal: false,
      preview: false, // a preview evaluates lines that are not complete
      ...(NODE_ROUTES_ERRORS
        ? { handleError: (error: unknown) => started.evaluator?.refused(error) }
        : noDomain()),
    });
    const evaluator = new Evaluator(server, input, options);
    started.evaluator = evaluator;
    if (options.onExit) server.on('exit', options.onExit);
    if (before) Object.assign(server, { context: before.server.context });
    else fill(server.context);
    server.on('reset', fill);
    return evaluator;
  }

  get isEvaluating(): boolean {
    return this.current !== undefined;
  }

  /** Evaluates code that is complete. */
  async run(code: string): Promise<unknown> {
    const answer = await this.line(`${code}\n`);
    if (!answer.isComplete) throw answer.error;
    return answer.value;
  }

  /** Evaluates a line, with those before it that it goes on from. */
  async line(code: string): Promise<LineAnswer> {
    const { Recoverable } = await nodeRepl();
    return new Promise((resolve, reject) => {
      this.enqueue(code, this.server.context, 'REPL', (error, value) => {
        if (error instanceof Recoverable) resolve({ isComplete: false, error: error.err });
        // What is thrown may be of any type, and is passed on as it is.
        else if (error) reject(error);
        else resolve({ isComplete: true, value });
      });
    });
  }

  /** Ends it. What still runs is neither shown nor awaited. */
  abandon(): void {
    this.abandoned = true;
    this.stray.onError = undefined;
    this.queue.length = 0;
    this.current?.end();
    const { onExit } = this.options;
    if (onExit) this.server.off('exit', onExit);
    this.server.emit('exit'); // closes the history file; a REPL that awaits something would not emit it
    Object.assign(this.server, { output: nowhere() });
    this.server.close();
    this.input.destroy();
  }

  private enqueue(code: string, context: Context, _file: string, done: Done): void {
    this.queue.push(() => this.evaluateLine(code, context, done));
    if (!this.current) this.queue.shift()?.();
  }

  private evaluateLine(code: string, context: Context, done: Done): void {
    const { interrupts, strayErrors, client } = this.options;
    const line = {
      end: () => {
        if (this.current !== line) return;
        this.current = undefined;
        this.queue.shift()?.();
      },
    };
    this.current = line;
    const settle: Done = (...answer) => {
      if (this.abandoned) return;
      done(...answer);
      line.end();
    };
    interrupts.run(() => {
      if (this.abandoned) return;
      strayErrors.run(this.stray, () =>
        this.evaluate.call(this.server, code, context, scriptOf(client), (...answer) =>
          awaited(answer, settle),
        ),
      );
    });
  }

  /** From Node 26 on, Node routes an error to the REPL that caused it, and never calls back for the line. */
  private refused(error: unknown): 'print' | 'ignore' {
    if (this.abandoned || error === STOPPED) return 'ignore';
    const { failed } = this.options;
    cutStack(error);
    failed?.(error);
    // The next line runs after Node has shown the error.
    setImmediate(() => this.current?.end());
    return failed ? 'ignore' : 'print';
  }

  private showStray(error: unknown): void {
    if (this.abandoned) return;
    cutStack(error);
    if (this.options.failed) this.options.failed(error);
    // Until Node 26, a REPL shows what its domain emits; the field is not in Node's types.
    else (this.server as unknown as { _domain: EventEmitter })._domain.emit('error', error);
  }
}
