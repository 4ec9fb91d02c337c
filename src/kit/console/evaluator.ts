import { EventEmitter } from 'node:events';
import type { REPLServer } from 'node:repl';
import { PassThrough, Writable } from 'node:stream';
import { types } from 'node:util';
import type { Context } from 'node:vm';
import type { Interrupts } from './interrupts.js';
import type { Output } from './output.js';
import { type Listener, NODE_ROUTES_ERRORS, type StrayErrors } from './stray-errors.js';
import { scriptOf, STOPPED } from './stopping.js';
import { rememberWeakly } from './weak-last.js';

export interface EvaluatorOptions {
  client: number;
  output: Output;
  prompt: string;
  colours: boolean;
  writer: (value: unknown) => string;
  interrupts: Interrupts;
  strayErrors: StrayErrors;
  /** Puts names in scope: at the start, and after `.clear`. */
  fill: (context: Context) => void;
  /** The person has left: Ctrl-D, `.exit`. */
  left?: () => void;
  /** Shows an error that nobody caught. Without it the prompt does. */
  failed?: (error: unknown) => void;
}

/** How a REPL hears of a line: no arguments where there is nothing to show. */
type Done = (error?: Error | null, value?: unknown) => void;

/** Of Node's, and there because of the console. */
export const leftByNode: object[] = [];

let nodeRepl: Promise<typeof import('node:repl')> | undefined;

/**
 * Until Node 26, the first REPL of a process is never let go: a listener for good, added in its constructor, closes
 * over it, its scope and all that a person has there. So the first is an empty one.
 */
async function loadRepl(): Promise<typeof import('node:repl')> {
  const repl = await import('node:repl');
  if (NODE_ROUTES_ERRORS) return repl;
  const input = new PassThrough();
  const first = repl.start({ input, output: nowhere(), terminal: false, ...noDomain() });
  first.close();
  Object.assign(first, { context: undefined });
  leftByNode.push(first);
  return repl;
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Between a REPL and its code: every line in a turn of its own, awaited, interruptible, and forgotten after. */
export class Evaluator {
  private readonly evaluate: REPLServer['eval'];
  private readonly queue: (() => void)[] = [];
  /** The line under way. */
  private current: { end: () => void } | undefined;
  private abandoned = false;
  private readonly stray: Listener = { tell: (error) => this.showStray(error) };

  private constructor(
    readonly server: REPLServer,
    readonly input: PassThrough,
    private readonly options: EvaluatorOptions,
  ) {
    this.evaluate = server.eval;
    Object.assign(server, { eval: this.enqueue.bind(this) });
    rememberWeakly(server);
  }

  /** @param before whose variables to go on with. */
  static async start(options: EvaluatorOptions, before?: Evaluator): Promise<Evaluator> {
    const { start } = await (nodeRepl ??= loadRepl()); // with the first client: most services never have one
    const { output, prompt, writer, colours, fill } = options;
    const input = new PassThrough();
    const heard: { by?: Evaluator } = {};
    const server = start({
      input,
      output,
      prompt,
      writer,
      terminal: output.isTTY,
      useColors: colours,
      useGlobal: false,
      preview: false, // it would evaluate what is half typed
      ...(NODE_ROUTES_ERRORS ? { handleError: (error: unknown) => heard.by?.refused(error) } : noDomain()),
    });
    heard.by = new Evaluator(server, input, options);
    if (options.left) server.on('exit', options.left);
    if (before) Object.assign(server, { context: before.server.context });
    else fill(server.context);
    server.on('reset', fill);
    return heard.by;
  }

  get underWay(): boolean {
    return this.current !== undefined;
  }

  /** Evaluates code that nobody typed. */
  async run(code: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { server } = this;
      this.options.failed = reject;
      this.enqueue(`${code}\n`, server.context, 'REPL', (error, value) => {
        if (error)
          reject((error as { err?: Error }).err ?? error); // a line that is not complete comes wrapped
        else resolve(value);
      });
    });
  }

  /** Lets go of everything: nothing that still runs is shown or waited for. */
  abandon(): void {
    this.abandoned = true;
    this.stray.tell = undefined;
    this.queue.length = 0;
    this.current?.end();
    const { left } = this.options;
    if (left) this.server.off('exit', left);
    this.server.emit('exit'); // for the history, which closes its file; a REPL that awaits something would not say it
    Object.assign(this.server, { output: nowhere() });
    this.server.close();
    this.input.destroy();
  }

  private enqueue(code: string, context: Context, _file: string, done: Done): void {
    this.queue.push(() => this.turn(code, context, done));
    if (!this.current) this.queue.shift()!();
  }

  private turn(code: string, context: Context, done: Done): void {
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

  /** An error of Node 26, which does not come back to the line: where it came from, Node knows. */
  private refused(error: unknown): 'print' | 'ignore' {
    if (this.abandoned || error === STOPPED) return 'ignore';
    const { failed } = this.options;
    cutStack(error);
    failed?.(error);
    // After Node has shown it.
    setImmediate(() => this.current?.end());
    return failed ? 'ignore' : 'print';
  }

  private showStray(error: unknown): void {
    if (this.abandoned) return;
    cutStack(error);
    if (this.options.failed) this.options.failed(error);
    else (this.server as unknown as { _domain: EventEmitter })._domain.emit('error', error);
  }
}

/** A promise is shown by what it comes to: whoever types `users.find(1)` wants the user. */
function awaited(answer: Parameters<Done>, settle: Done): void {
  const [error, value] = answer;
  cutStack(error);
  if (error || !types.isPromise(value)) settle(...answer);
  else
    value.then(
      (result) => settle(null, result),
      // A REPL takes what is falsy for no error.
      (cause: unknown) => settle((cause || new Error('the promise was rejected', { cause })) as Error),
    );
}

/** What is below the person's code on the stack is the console. */
function cutStack(error: unknown): void {
  if (!types.isNativeError(error) || typeof error.stack !== 'string') return;
  const end = error.stack.search(/\n +at (?:Contextify)?Script\.runInContext/);
  if (end > 0) error.stack = error.stack.slice(0, end);
}

/** What a REPL asks of its domain until Node 26, without one: a domain slows down every promise, and for good. */
function noDomain(): object {
  return { domain: Object.assign(new EventEmitter(), { bind: <F>(code: F): F => code }) };
}
