/**
 * Every way in which leak-lab says no, by its stable code. Scripts may match on the code; the sentence that
 * goes with it may change. A test holds the table in the README equal to this one.
 */
export const problems = {
  LEAK_LAB_LEAKY: 'the service was started in leaky mode: a warning, printed once',
  LEAK_LAB_SETTINGS: 'a flag or a variable has a value that is not accepted',
  LEAK_LAB_PORT_IN_USE: 'another process listens on the port',
  LEAK_LAB_LISTEN: 'the address cannot be listened on',
  LEAK_LAB_NOT_LOOPBACK: 'the target is another machine and --allow-remote was not given',
  LEAK_LAB_NO_ANSWER: 'nothing answers at the URL',
  LEAK_LAB_BAD_ANSWER: 'the URL answers with something other than success',
  LEAK_LAB_NO_PROCESS: 'the process does not exist, is not ours to look into, or is not Node',
  LEAK_LAB_NO_INSPECTOR: 'the inspector of the process does not open or does not answer',
  LEAK_LAB_DIED: 'the process ended while it was measured',
  LEAK_LAB_OS_MEMORY: "the operating system's figures cannot be read",
  LEAK_LAB_SNAPSHOT: 'a file is no heap snapshot that can be read, or two are not of one process in order',
  LEAK_LAB_GROWS: 'memory grows steadily while the service runs: a warning in its log, once',
  LEAK_LAB_CONSOLE: 'the console cannot be opened, or cannot be reached',
  LEAK_LAB_TOO_EXPENSIVE:
    'a look inside needs more memory than there is, or would silence the service for too long',
  LEAK_LAB_WRITE: 'a report cannot be written',
  LEAK_LAB_PACKAGE: 'a package that only some commands need is not installed',
  LEAK_LAB_REPOSITORY: 'the command needs the repository; the package has the kit alone',
  LEAK_LAB_SHEDDING: 'memory is short, and new requests are refused: a warning',
  LEAK_LAB_EXITING: 'memory is short for good, and the process leaves with exit code 75: a warning',
  LEAK_LAB_REDIS_AWAY:
    'Redis does not answer, and the directory stands in for it: a warning, once until it is back',
  LEAK_LAB_REDIS_UNBOUNDED: 'Redis has no bound on its memory, or evicts nothing: a warning',
  LEAK_LAB_GREW: 'a function under test keeps more memory, or more objects, than it may',
  LEAK_LAB_UNSETTLED: 'a test cannot tell whether memory grows',
  LEAK_LAB_CALL_FAILED: 'the function under a memory test threw',
} as const;

export type ProblemCode = keyof typeof problems;

/** An error for the person at the prompt: what happened, with which value, and what to do. Never needs a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A warning for the person who runs the process, in the form of every other problem. It ends nothing. */
export function warn(code: ProblemCode, message: string): void {
  process.stderr.write(`leak-lab: ${message} [${code}]\n`);
}
