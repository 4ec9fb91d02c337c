/**
 * The stable code of every error and warning, with its meaning. Scripts may match on the code; the sentence before it
 * may change. `docs/reference/codes.md` is generated from this table.
 */
export const problems = {
  LEAK_LAB_LEAKY: 'warning, once: the service was started in leaky mode',
  LEAK_LAB_SETTINGS: 'the value of a flag or variable is not accepted',
  LEAK_LAB_PORT_IN_USE: 'another process listens on the port',
  LEAK_LAB_LISTEN: 'the service cannot listen on the address',
  LEAK_LAB_NOT_LOOPBACK: 'the target is on another machine, and --allow-remote was not given',
  LEAK_LAB_NO_ANSWER: 'no answer from the URL',
  LEAK_LAB_BAD_ANSWER: 'the URL answers with an error',
  LEAK_LAB_NO_PROCESS: 'the process does not exist, belongs to another user, or is not Node',
  LEAK_LAB_NO_INSPECTOR: 'the inspector of the process does not open or does not answer',
  LEAK_LAB_OTHER_NETWORK: 'the process is in a container, whose network this command cannot enter',
  LEAK_LAB_OLD_NODE: 'the process runs a Node that is too old for a diagnosis',
  LEAK_LAB_LOAD_COMMAND: 'the command of --load cannot be run, or fails at once',
  LEAK_LAB_DIED: 'the process ended while it was measured',
  LEAK_LAB_OS_MEMORY: "the operating system's memory figures cannot be read",
  LEAK_LAB_SNAPSHOT:
    'a file is not a readable heap snapshot, or files are not snapshots of one process in order of time',
  LEAK_LAB_GROWS: 'warning, once: the memory of the running service grows steadily',
  LEAK_LAB_CONSOLE: 'the console cannot be opened or reached',
  LEAK_LAB_TOO_EXPENSIVE:
    'a console command needs more memory than is free, or would stop the service for too long',
  LEAK_LAB_VERSION: 'a version of the service cannot be checked out, installed or built',
  LEAK_LAB_WRITE: 'a report cannot be written',
  LEAK_LAB_PACKAGE: 'an optional package that this command needs is not installed',
  LEAK_LAB_REPOSITORY: 'the command works only in the repository; the package contains the kit alone',
  LEAK_LAB_SHEDDING: 'warning: memory is near its limit, and new requests are refused',
  LEAK_LAB_EXITING: 'warning: memory stays near its limit, and the process exits with code 75',
  LEAK_LAB_REDIS_AWAY:
    'warning, once until Redis answers again: Redis does not answer, and users are read from the directory',
  LEAK_LAB_REDIS_UNBOUNDED: 'warning: Redis has no memory limit, or a policy that evicts nothing',
  LEAK_LAB_GREW: 'a function under test retains more memory or objects than the test allows',
  LEAK_LAB_UNSETTLED: 'a memory test could not decide whether memory grows',
  LEAK_LAB_CALL_FAILED: 'the function under a memory test threw an error',
} as const;

export type ProblemCode = keyof typeof problems;

/**
 * An error for the person who runs the command. The message says what happened, with which value, and what to do. It is
 * printed without a stack.
 */
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

/** Writes a warning to standard error, in the same form as an error. The process goes on. */
export function warn(code: ProblemCode, message: string): void {
  process.stderr.write(`leak-lab: ${message} [${code}]\n`);
}
