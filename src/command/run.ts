import { Problem } from '../kit/problem.js';
import { help, type About } from './help.js';

/** Exit code of a program whose flags were wrong or that could not do its work. */
export const COULD_NOT = 2;

/**
 * Runs a program from the command line: prints the help where it is asked for, tells a person what went wrong in
 * one sentence, and sets the exit code. Only a mistake of ours shows a stack.
 *
 * @param work resolves to the exit code, or to nothing for a program that goes on until a signal ends it.
 */
export async function run(
  about: About,
  argv: string[],
  work: () => Promise<number | undefined>,
): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help(about));
    return;
  }
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(
      error instanceof Problem
        ? `leak-lab: ${error.message} [${error.code}]\n`
        : `leak-lab: this is a mistake in leak-lab, please report it\n${(error as Error).stack}\n`,
    );
    process.exitCode = COULD_NOT;
  }
}
