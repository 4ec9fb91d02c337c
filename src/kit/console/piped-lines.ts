import { readFile } from 'node:fs/promises';
import type { REPLServer } from 'node:repl';
import { Problem } from '../problem.js';
import type { Evaluator } from './evaluator.js';
import type { FromClient } from './wire.js';

/** The commands that mean something without a terminal. */
const COMMANDS = ['break', 'clear', 'exit', 'help', 'load'];
/** As Node's REPL tells a command from code: `.5` and `...` are none. */
const COMMAND = /^\.([^\s.\d]\S*)\s*(.*)$/;

/** What a session does for lines that are piped into it. */
export interface PipedActions {
  print: (value: unknown) => void;
  help: () => void;
  /** Asks for the next line. */
  next: () => void;
  /** Called at `.exit` and at the end of the input. */
  exit: () => void;
  fail: (error: unknown) => void;
}

/** Lines from standard input, evaluated as a prompt would: one at a time; one that is not complete goes on in the next. */
export class PipedLines {
  /** How many lines came. */
  count = 0;
  private begun = '';

  constructor(
    private readonly evaluator: Evaluator,
    private readonly actions: PipedActions,
  ) {}

  async receive({ line, ended }: FromClient): Promise<void> {
    try {
      if (line !== undefined) {
        await this.take(line);
        this.actions.next();
      }
      if (ended) {
        await this.end();
        this.actions.exit();
      }
    } catch (error) {
      this.actions.fail(error);
    }
  }

  /** @throws what the line throws; a command that is unknown or needs a terminal is a Problem. */
  private async take(line: string): Promise<void> {
    this.count += 1;
    const [, name, rest = ''] = COMMAND.exec(line.trim()) ?? [];
    const isKnown = name !== undefined && Object.hasOwn(this.server.commands, name);
    // A line that begins with a dot may go on with a chain of calls.
    if (name !== undefined && (isKnown || this.begun === '')) return this.command(name, rest);
    if (this.begun === '' && line.trim() === '') return;
    const code = `${this.begun}${line}\n`;
    const answer = await this.evaluator.line(code);
    this.begun = answer.isComplete ? '' : code;
    if (answer.isComplete) this.show(answer.value);
  }

  /** The end of the input. @throws SyntaxError where the last lines are not complete */
  private async end(): Promise<void> {
    if (this.begun !== '') this.show(await this.evaluator.run(this.begun));
  }

  private get server(): REPLServer {
    return this.evaluator.server;
  }

  private show(value: unknown): void {
    if (!(this.server as REPLServer & { underscoreAssigned: boolean }).underscoreAssigned)
      Object.assign(this.server, { last: value });
    if (value !== undefined) this.actions.print(value);
  }

  private async command(name: string, rest: string): Promise<void> {
    if (!COMMANDS.includes(name)) {
      throw new Problem(
        'LEAK_LAB_CONSOLE',
        `.${name} is not a command for piped lines. They are ${COMMANDS.map((one) => `.${one}`).join(', ')}.`,
      );
    }
    this.begun = '';
    if (name === 'help') this.actions.help();
    else if (name === 'exit') this.actions.exit();
    else if (name === 'clear') this.server.commands['clear']?.action.call(this.server, '');
    else if (name === 'load') this.show(await this.evaluator.run(await codeOf(rest)));
  }
}

async function codeOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `.load cannot read "${file}", as the service sees it from ${process.cwd()}: ${String(cause)}`,
      { cause },
    );
  }
}

/** Whether the command works without a terminal. */
export const isForPipes = (command: string): boolean => COMMANDS.includes(command);
