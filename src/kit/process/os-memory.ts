import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Problem } from '../problem.js';
import type { InspectorSession } from './session.js';

/** Virtual size and resident set (VSZ and RSS of `ps`), in bytes. */
export interface OsMemory {
  vszBytes: number;
  rssBytes: number;
}

const KIB = 1024;

/**
 * The memory of one process, as the operating system counts it.
 *
 * Linux: `/proc/<pid>/status`, which is in KiB whatever the page size (`statm` counts pages, and arm64 has three
 * sizes of them). Elsewhere: `ps`, which prints both in KiB by POSIX.
 *
 * @throws Problem LEAK_LAB_OS_MEMORY when there is no such process, or `ps` is missing
 */
export async function osMemory(pid: number = process.pid): Promise<OsMemory> {
  try {
    return process.platform === 'linux'
      ? parseProcStatus(await readFile(`/proc/${pid}/status`, 'utf8'))
      : parsePs((await promisify(execFile)('ps', ['-o', 'vsz=', '-o', 'rss=', '-p', String(pid)])).stdout);
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_OS_MEMORY',
      `cannot read VSZ and RSS of process ${pid}. Check that it runs and belongs to this user.`,
      { cause },
    );
  }
}

/** Whether the system shows processes in `/proc`, as Linux does where it is mounted. */
export const isProcMounted = (): boolean => existsSync('/proc/self/status');

/**
 * The same of the process at the other end of a session. Where there is no `/proc`, the process itself gives its resident
 * set; its virtual size is not known, and zero.
 */
export async function remoteOsMemory(session: InspectorSession, pid: number): Promise<OsMemory> {
  if (process.platform !== 'linux' || isProcMounted()) return osMemory(pid);
  const { result } = await session.post('Runtime.evaluate', {
    expression: 'process.memoryUsage().rss',
    returnByValue: true,
  });
  return { vszBytes: 0, rssBytes: Number(result.value) };
}

export function parseProcStatus(status: string): OsMemory {
  const kibibytes = (field: string): number => {
    const line = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status);
    if (!line) throw new Error(`no ${field} in the status of the process: it has ended`);
    return Number(line[1]) * KIB;
  };
  return { vszBytes: kibibytes('VmSize'), rssBytes: kibibytes('VmRSS') };
}

export function parsePs(output: string): OsMemory {
  const figures = /^\s*(\d+)\s+(\d+)\s*$/.exec(output);
  if (!figures) throw new Error(`ps printed ${JSON.stringify(output)} instead of two numbers`);
  return { vszBytes: Number(figures[1]) * KIB, rssBytes: Number(figures[2]) * KIB };
}
