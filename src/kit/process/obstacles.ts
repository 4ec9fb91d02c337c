import { stat } from 'node:fs/promises';
import { Problem } from '../problem.js';
import type { InspectorSession } from './session.js';

/*
 * What keeps the inspector of a process from being opened: each with its one cause, and a way out that breaks nothing
 * else. The table of docs/reach.md lists them.
 */

/** The oldest Node that has what a sample needs: `v8.GCProfiler`. */
const OLDEST_MAJOR = 18;

/** What to do where the process is stopped. It would not answer the signal. */
export function stopped(pid: number): Problem {
  return new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} is stopped, by a signal or by a debugger. Continue it with kill -CONT ${pid}, or in the debugger.`,
  );
}

/** Why an inspector did not open after the signal. */
export function notOpened(pid: number, withinMs: number): Problem {
  return new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} did not open its inspector within ${withinMs / 1000} s after SIGUSR1: it handles that signal itself, or a native call blocks it. Start it with node --inspect=127.0.0.1:PORT, and no signal is needed.`,
  );
}

export function portTaken(pid: number, port: number, other: number): Problem {
  return new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} cannot open its inspector: its port, ${port}, is taken by process ${other}. End process ${other}, or start the program with another port: node --inspect-port=PORT. Give it as an argument of node, not in NODE_OPTIONS, which child processes inherit.`,
  );
}

/** Why a process of Node has no handler for SIGUSR1, which would end it. @param options its command line */
export function withoutHandler(pid: number, options: string): Problem {
  const fact = `process ${pid} has no handler for SIGUSR1, and the signal would end it`;
  if (/--disable-sigusr1\b/.test(options)) {
    return new Problem(
      'LEAK_LAB_NO_PROCESS',
      `${fact}: it runs with --disable-sigusr1. Start it without that option, or with node --inspect=127.0.0.1:PORT.`,
    );
  }
  if (/--(experimental-)?permission\b/.test(options)) {
    return new Problem(
      'LEAK_LAB_NO_PROCESS',
      `${fact}: it runs with --permission, which forbids the inspector. Start it with --allow-inspector beside it (Node 24 and newer), or without --permission for the diagnosis.`,
    );
  }
  return new Problem(
    'LEAK_LAB_NO_PROCESS',
    `${fact}. It is still starting: wait a second, and run the command again.`,
  );
}

/** What to do where the program is not Node. */
export function notNode(pid: number, program: string): Problem {
  const fact = `process ${pid} is ${program || 'an unknown program'}, not Node`;
  const advice =
    program === 'bun' || program === 'deno'
      ? 'Run the service with node for the diagnosis, if it can; or write two heap snapshots of it in the format of V8, with work in between, and give both files.'
      : 'Give the pid of the node process itself, not of its shell or npm.';
  return new Problem('LEAK_LAB_NO_PROCESS', `${fact}. ${advice}`);
}

/** What to do where nothing can be seen of any process. */
export function withoutProc(pid: number): Problem {
  return new Problem(
    'LEAK_LAB_NO_PROCESS',
    `/proc is not mounted here, so it is not known whether process ${pid} is Node, and the signal that opens an inspector would end any other program. Mount it (mount -t proc proc /proc), or start the service with --inspect=127.0.0.1:PORT and pass --inspect 127.0.0.1:PORT`,
  );
}

/** What to do where the process belongs to another user. */
export async function otherUser(pid: number, cause: unknown): Promise<Problem> {
  const owner = await stat(`/proc/${pid}`).then(
    ({ uid }) => `sudo -u '#${uid}' npx leak-lab …`,
    () => 'sudo -u USER npx leak-lab …',
  );
  return new Problem(
    'LEAK_LAB_NO_PROCESS',
    `process ${pid} belongs to another user: run this as that user, with ${owner}`,
    { cause },
  );
}

/** @throws Problem LEAK_LAB_OLD_NODE where the target lacks what a diagnosis needs; the session is then closed */
export async function requireVersion(session: InspectorSession, pid: number): Promise<void> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: 'globalThis.process?.versions?.node',
    returnByValue: true,
  });
  const version = String(result.value);
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return;
  await session.close();
  throw new Problem(
    'LEAK_LAB_OLD_NODE',
    `process ${pid} runs Node ${version}: a diagnosis needs Node ${OLDEST_MAJOR} or newer. Start it with a newer one; or write two heap snapshots of it with node --heapsnapshot-signal=SIGUSR2 and work in between, and give both files.`,
  );
}
