import { Problem } from '../kit/problem.js';
import { Group } from './group.js';

/**
 * Runs a shell command in a folder until it ends.
 *
 * @param name what it does, such as `build`
 * @throws Problem LEAK_LAB_VERSION with the end of its output when it fails
 */
export async function runStep(
  name: string,
  command: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const group = new Group(command, folder);
  const stop = (): void => void group.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await group.ended;
  } finally {
    signal.removeEventListener('abort', stop);
    await group.stop(); // what it may have left running
  }
  signal.throwIfAborted();
  const { exitCode, signalCode } = group.child;
  if (exitCode === 0) return;
  throw new Problem(
    'LEAK_LAB_VERSION',
    `the ${name} failed with ${signalCode ?? `exit code ${exitCode}`}: ${command}\n${group.output() || 'It printed nothing.'}`,
  );
}
