import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../kit/problem.js';
import { help, type About } from './help.js';
import { screenWidth } from './screen.js';

/** Exit codes that mean the same in every command. */
export const COULD_NOT = 2;
export const INTERRUPTED = 130;
const SIGNAL_MS = 50;
/** Longer lines are hard to read, on a wide screen and in a file. */
const HELP_WIDTH = 100;

/** What a command does, given what was asked for. @returns its exit code; none for one that a signal ends. */
export type Work = (argv: string[]) => Promise<number | undefined>;

/**
 * Runs a command: prints the help where it is asked for, tells a person what went wrong in one sentence, and sets
 * the exit code. Only a mistake of ours shows a stack.
 */
export async function run(about: About, work: Work, argv: string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help(about, Math.min(screenWidth(), HELP_WIDTH)));
    return;
  }
  try {
    process.exitCode = await work(argv);
  } catch (error) {
    process.stderr.write(
      error instanceof Problem
        ? `leak-lab: ${error.message} [${error.code}]\n`
        : `leak-lab: this is a mistake in leak-lab, please report it\n${(error as Error).stack}\n`,
    );
    process.exitCode = COULD_NOT;
  }
}

/**
 * Runs work that Ctrl-C ends in good order: the first one aborts the signal and the work cleans up, a second one
 * does not wait.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  // A closed terminal and a reader that went away (`| head`) end the work as Ctrl-C does.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  process.stdout.once('error', interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    // Whatever breaks while everything is being stopped breaks because of that. Ctrl-C reaches the services of a
    // command as well, and the news of their end may come first.
    await sleep(SIGNAL_MS);
    if (!controller.signal.aborted) throw error;
    process.stderr.write('leak-lab: interrupted\n');
    return INTERRUPTED;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    process.stdout.off('error', interrupt);
  }
}
