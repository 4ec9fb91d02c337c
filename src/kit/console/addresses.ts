import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { isAlive } from '../process/alive.js';
import { Problem } from '../problem.js';

/** Where the console of one process listens. */
export interface Address {
  name: string;
  pid: number;
  /** A Unix socket; on Windows a named pipe. */
  path: string;
}

const WINDOWS = process.platform === 'win32';
/** Bytes of a socket's path with its terminating zero: `sun_path` of macOS. Linux allows four more. */
const LONGEST_PATH = 104;

/**
 * The default directory of sockets, one per user. It is not below XDG_RUNTIME_DIR: a service usually lacks that variable,
 * and the shell of the person who connects has it.
 */
export function usualDirectory(): string {
  if (WINDOWS) return `\\\\.\\pipe\\leak-lab-${userInfo().username}`;
  return join(process.platform === 'linux' ? '/tmp' : tmpdir(), `leak-lab-${userInfo().uid}`);
}

export function addressOf(directory: string, name: string, pid: number): Address {
  const path = WINDOWS ? `${directory}-${name}-${pid}.sock` : join(directory, `${name}-${pid}.sock`);
  return { name, pid, path };
}

/** The second socket of a console, which another thread serves while the process is busy. */
export const interruptsOf = ({ path }: Address): string => path.replace(/\.sock$/, '.stop');

/**
 * Makes the directory private to this user, and creates it if it is missing.
 *
 * @param longest the longest path of a socket in it
 * @throws Problem LEAK_LAB_CONSOLE for a path that is too long, or a directory that cannot be made or is another user's
 */
export async function prepareDirectory(directory: string, longest: string): Promise<void> {
  if (WINDOWS) return;
  if (Buffer.byteLength(longest) >= LONGEST_PATH) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `the socket's path ${longest} is longer than the ${LONGEST_PATH - 1} bytes that the system allows. Choose a shorter directory (--console-directory, or the option directory of ConsoleModule).`,
    );
  }
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `cannot make the directory ${directory}: ${String(cause)}. Choose another one (--console-directory, or the option directory of ConsoleModule).`,
      {
        cause,
      },
    );
  }
  const found = await lstat(directory); // not stat: another user could have put a link there
  const uid = process.getuid?.(); // absent on Windows alone, which has returned above
  if (!found.isDirectory() || found.uid !== uid) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `${directory} is not a directory of user ${uid}. Remove it, or choose another one (--console-directory, or the option directory of ConsoleModule).`,
    );
  }
  if ((found.mode & 0o077) !== 0) await chmod(directory, 0o700);
}

/** The consoles that answer, by name and pid. */
export async function consolesIn(directory: string): Promise<Address[]> {
  const all = await addressesIn(directory);
  const answers = await Promise.all(all.map(({ path }) => listens(path)));
  return all.filter((_, at) => answers[at]).toSorted((a, b) => a.name.localeCompare(b.name) || a.pid - b.pid);
}

/** Removes the sockets of processes that were killed. */
export async function sweep(directory: string): Promise<void> {
  if (WINDOWS) return; // a pipe ends with its process
  for (const address of await addressesIn(directory)) {
    // Both are checked: a process in another container that shares this directory has pids of its own.
    if (isAlive(address.pid) || (await listens(address.path))) continue;
    await Promise.all([rm(address.path, { force: true }), rm(interruptsOf(address), { force: true })]);
  }
}

async function addressesIn(directory: string): Promise<Address[]> {
  // Windows lists all pipes in one directory, and ours have the name of this directory as a prefix.
  const names = await readdir(WINDOWS ? '\\\\.\\pipe\\' : directory).catch(() => []);
  return names
    .filter((file) => !WINDOWS || file.startsWith(`${basename(directory)}-`))
    .map((file) => /^(.+)-(\d+)\.sock$/.exec(WINDOWS ? file.slice(basename(directory).length + 1) : file))
    .filter((match) => match !== null)
    .map(([, name = '', pid]) => addressOf(directory, name, Number(pid)));
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
