import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../kit/problem.js';
import { help, type About } from './help.js';
import { screenWidth } from './screen.js';

/** Exit codes that mean the same in every command. */
export const COULD_NOT = 2;
export const INTERRUPTED = 130;
const SIGNAL_MS = 50;
/** The widest that help is printed: longer lines are hard to read. */
const HELP_WIDTH = 100;

/** The work of a command, given its arguments. @returns its exit code; none for a command that a signal ends. */
export type Work = (argv: string[]) => Promise<number | undefined>;

/**
 * Runs a command: prints its help if asked for, reports a problem in one sentence, and sets the exit code. Only a bug
 * in leak-lab prints a stack.
 */
export async function run(about: About, work: Work, argv: string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help(about, Math.min(screenWidth(), HELP_WIDTH)));
    return;
  }
  process.once('beforeExit', neverFinished);
  try {
    process.exitCode = await work(argv);
  } catch (error) {
    process.stderr.write(
      error instanceof Problem
        ? `leak-lab: ${error.message} [${error.code}]\n`
        : `leak-lab: this is a bug in leak-lab, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = COULD_NOT;
  } finally {
    process.off('beforeExit', neverFinished);
  }
}

/** Without this, Node exits silently with code 13 when nothing is left that could settle what the command awaits. */
function neverFinished(): void {
  process.stderr.write(
    'leak-lab: the command waited for something that never finished; run it again, and report it as a bug if it repeats\n',
  );
  process.exit(COULD_NOT);
}

/** Runs work that Ctrl-C can interrupt: the first one aborts the signal and the work cleans up, the second one exits. */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  // A closed terminal and a closed pipe (`| head`) interrupt the work as Ctrl-C does.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  process.stdout.once('error', interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    // An error during an interruption is a result of it. Ctrl-C also ends the services that a command started, and
    // the error from their end may arrive before the signal does.
    await sleep(SIGNAL_MS);
    if (!controller.signal.aborted) throw error;
    process.stderr.write('leak-lab: interrupted\n');
    return INTERRUPTED;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    process.stdout.off('error', interrupt);
  }
}
