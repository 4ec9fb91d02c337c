import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../problem.js';

/** SIGUSR1 as a bit of the masks in `/proc/<pid>/status`: signal n is bit n - 1. */
const SIGUSR1_BIT = 1n << 9n;

/**
 * Makes sure that SIGUSR1 opens an inspector in this process: anything else it would end.
 *
 * @throws Problem LEAK_LAB_NO_PROCESS that says what the process is instead.
 */
export async function mustBeNode(pid: number): Promise<void> {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    const foreign = (cause as NodeJS.ErrnoException).code === 'EPERM';
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      foreign
        ? `process ${pid} belongs to another user: run this as that user`
        : `there is no process ${pid}`,
      { cause },
    );
  }
  const program = await programOf(pid);
  // A process that was killed and waits for its parent to notice has no program any more.
  if (program === '' && process.platform === 'linux') {
    throw new Problem('LEAK_LAB_NO_PROCESS', `process ${pid} has ended`);
  }
  if (!/^node(js)?(-?\d[\d.]*)?$/.test(program)) {
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      `process ${pid} is ${program || 'unknown'}, not Node: give the pid of a Node process`,
    );
  }
  if (!(await catchesSigusr1(pid))) {
    throw new Problem(
      'LEAK_LAB_NO_PROCESS',
      `process ${pid} does not listen to SIGUSR1, which would end it: it is starting up, or runs with --disable-sigusr1`,
    );
  }
}

/** The arguments and, where they can be read, the options that Node takes from the environment. */
export async function commandLineOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return ps(pid, 'args=');
  const [args, environment] = await Promise.all(
    ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  const options = environment!.split('\0').find((entry) => entry.startsWith('NODE_OPTIONS=')) ?? '';
  return `${args!.replaceAll('\0', ' ')} ${options}`;
}

async function programOf(pid: number): Promise<string> {
  const path =
    process.platform === 'linux'
      ? await readlink(`/proc/${pid}/exe`).catch(() => '')
      : await ps(pid, 'comm=');
  // The kernel says so when the file was replaced since, by an upgrade.
  return basename(path.replace(/ \(deleted\)$/, ''));
}

async function catchesSigusr1(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return !(await commandLineOf(pid)).includes('--disable-sigusr1');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return caught !== undefined && (BigInt(`0x${caught}`) & SIGUSR1_BIT) !== 0n;
}

async function ps(pid: number, column: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', column, '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim();
}
