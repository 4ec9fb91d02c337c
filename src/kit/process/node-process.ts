import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../problem.js';
import { notNode, otherUser, withoutHandler, withoutProc } from './obstacles.js';
import { isProcMounted } from './os-memory.js';

/** SIGUSR1 as a bit of the masks in `/proc/<pid>/status`: signal n is bit n - 1. */
const SIGUSR1_BIT = 1n << 9n;

/**
 * Checks that SIGUSR1 opens an inspector in this process. A process that is not Node would be ended by it.
 *
 * @throws Problem LEAK_LAB_NO_PROCESS that says what the process is instead
 */
export async function requireNode(pid: number): Promise<void> {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EPERM') throw await otherUser(pid, cause);
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      `there is no process ${pid}. Check the pid with ps; a process in a container is seen only from inside it.`,
      { cause },
    );
  }
  if (process.platform === 'linux' && !isProcMounted()) throw withoutProc(pid);
  const program = await programOf(pid);
  // A zombie: it has ended, and its parent has not collected its exit code.
  if (program === '' && process.platform === 'linux') {
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      `process ${pid} has ended. Start the program again and give its new pid.`,
    );
  }
  if (!isNodeProgram(program)) {
    throw notNode(pid, program);
  }
  if (!(await catchesSigusr1(pid))) throw withoutHandler(pid, await commandLineOf(pid));
}

/** Whether a program's file has the name of Node: `node`, `nodejs`, `node-22`. */
export function isNodeProgram(name: string): boolean {
  return /^node(js)?(-?\d[\d.]*)?$/.test(name);
}

/** The arguments of a process and, where it can be read, its NODE_OPTIONS. */
export async function commandLineOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return ps(pid, 'args=');
  const [args, environment] = await Promise.all([procFile(pid, 'cmdline'), procFile(pid, 'environ')]);
  const options = environment.split('\0').find((entry) => entry.startsWith('NODE_OPTIONS=')) ?? '';
  return `${args.replaceAll('\0', ' ')} ${options}`;
}

async function programOf(pid: number): Promise<string> {
  const path =
    process.platform === 'linux'
      ? await readlink(`/proc/${pid}/exe`).catch(() => '')
      : await ps(pid, 'comm=');
  // The kernel adds this when an upgrade has replaced the file.
  return basename(path.replace(/ \(deleted\)$/, ''));
}

/** Whether a signal or a debugger of the system has stopped the process. False where that is not known. */
export async function isStopped(pid: number): Promise<boolean> {
  const state =
    process.platform === 'linux'
      ? /^State:\s*(\S)/m.exec(await procFile(pid, 'status'))?.[1]
      : await ps(pid, 'state=');
  return state !== undefined && /^[Tt]/.test(state);
}

/** Whether a process handles SIGUSR1: itself, or by opening its inspector. */
export async function catchesSigusr1(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return !(await commandLineOf(pid)).includes('--disable-sigusr1');
  const status = await procFile(pid, 'status');
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return caught !== undefined && (BigInt(`0x${caught}`) & SIGUSR1_BIT) !== 0n;
}

/** Empty where it cannot be read: the process may have ended. */
function procFile(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}

async function ps(pid: number, column: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', column, '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim();
}
