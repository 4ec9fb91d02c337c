import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { containerOf } from '../kit/process/namespaces.js';

/** Root enters any network; a user enters that of a container of their own, through its namespace of users. */
const WAYS = [['--net'], ['--user', '--preserve-credentials', '--net']];

/**
 * Runs this command again inside the network of a process, if that is another one and may be entered: its inspector and
 * the addresses of its service are only there.
 *
 * @returns the exit code of the command inside; null where it goes on here
 */
export async function insideNetworkOf(pid: number | undefined): Promise<number | null> {
  if (pid === undefined || !(await containerOf(pid))) return null;
  for (const way of WAYS) {
    const enter = ['--target', String(pid), ...way, '--'];
    if ((await codeOf('nsenter', [...enter, 'true'], 'ignore')) !== 0) continue;
    const self = [...process.execArgv, ...process.argv.slice(1)];
    return codeOf('nsenter', [...enter, process.execPath, ...self], 'inherit');
  }
  return null;
}

/** The terminal sends Ctrl-C to the child, too. */
const ignore = (): void => {};

/** Signals are passed on: Ctrl-C reaches both, a signal to this process alone only this one. */
async function codeOf(command: string, args: string[], stdio: 'inherit' | 'ignore'): Promise<number> {
  const child = spawn(command, args, { stdio });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  process.on('SIGINT', ignore);
  try {
    const [code] = (await Promise.race([once(child, 'exit'), once(child, 'error').then(() => [127])])) as [
      number | null,
    ];
    return code ?? 2;
  } finally {
    for (const signal of signals) process.off(signal, pass);
    process.off('SIGINT', ignore);
  }
}
