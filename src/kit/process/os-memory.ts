import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Problem } from '../problem.js';

/** What `ps` calls VSZ and RSS, in bytes. */
export interface OsMemory {
  vszBytes: number;
  rssBytes: number;
}

const KIB = 1024;

/**
 * The operating system's figures of one process.
 *
 * Linux: `/proc/<pid>/status`, which is in KiB whatever the page size (`statm` counts pages, and arm64 has
 * three sizes of them). Elsewhere: `ps`, which POSIX wants to print both in KiB.
 *
 * @throws Problem LEAK_LAB_OS_MEMORY when there is no such process, or no such tool.
 */
export async function osMemory(pid: number = process.pid): Promise<OsMemory> {
  try {
    return process.platform === 'linux'
      ? parseProcStatus(await readFile(`/proc/${pid}/status`, 'utf8'))
      : parsePs((await promisify(execFile)('ps', ['-o', 'vsz=', '-o', 'rss=', '-p', String(pid)])).stdout);
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_OS_MEMORY',
      `cannot read VSZ and RSS of process ${pid}: check that it runs and is yours`,
      { cause },
    );
  }
}

export function parseProcStatus(status: string): OsMemory {
  const kibibytes = (field: string): number => {
    const line = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status);
    if (!line) throw new Error(`no ${field} in the status of the process: a zombie has none`);
    return Number(line[1]) * KIB;
  };
  return { vszBytes: kibibytes('VmSize'), rssBytes: kibibytes('VmRSS') };
}

export function parsePs(output: string): OsMemory {
  const figures = /^\s*(\d+)\s+(\d+)\s*$/.exec(output);
  if (!figures) throw new Error(`ps printed ${JSON.stringify(output)} instead of two numbers`);
  return { vszBytes: Number(figures[1]) * KIB, rssBytes: Number(figures[2]) * KIB };
}
