import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { isNodeProgram } from '../process/node-process.js';

/** A process of this machine, as the operating system lists it. */
export interface ProcessRow {
  pid: number;
  parent: number;
  /** Its arguments. A program that sets `process.title` has one, the title. */
  args: string[];
  isNode: boolean;
  /** The number that `node:cluster` or pm2 gave to a worker; null for any other process, and where it cannot be read. */
  worker: string | null;
}

/** The processes of this user: reading only, no signal is sent. */
export async function processTable(): Promise<ProcessRow[]> {
  const uid = process.getuid?.() ?? null;
  if (process.platform !== 'linux') return psTable(uid);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(pids.map((pid) => procRow(pid, uid)));
  return rows.filter((row) => row !== null);
}

/** Null for a process of another user, and for one that has ended. Root sees all. */
async function procRow(pid: number, uid: number | null): Promise<ProcessRow | null> {
  try {
    if (uid !== 0 && (await stat(`/proc/${pid}`)).uid !== uid) return null;
    const exe = await readlink(`/proc/${pid}/exe`).catch(() => '');
    const [status, args] = await Promise.all(
      ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    // The name, in parentheses, may have any character; the state and the parent come after it.
    const parent = Number(status?.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
    const isNode = isNodeProgram(basename(exe.replace(/ \(deleted\)$/, '')));
    return {
      pid,
      parent,
      args: (args ?? '').split('\0').filter(Boolean),
      isNode,
      worker: isNode ? await workerNumber(pid) : null,
    };
  } catch {
    return null;
  }
}

/** A worker deletes the variable from its own environment; the system keeps the one that it was started with. */
async function workerNumber(pid: number): Promise<string | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return /(?:^|\0)NODE_UNIQUE_ID=(\d+)/.exec(environment)?.[1] ?? null;
}

async function psTable(uid: number | null): Promise<ProcessRow[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,uid=,args='], {
    maxBuffer: 16 * 1024 * 1024,
  }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, owner, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined || (uid !== 0 && Number(owner) !== uid)) return [];
    const args = command.split(' ').filter(Boolean);
    const isNode = isNodeProgram(basename(args[0] ?? ''));
    return [{ pid: Number(pid), parent: Number(parent), args, isNode, worker: null }];
  });
}

/** All processes below one, its children first. */
export function below(pid: number, table: readonly ProcessRow[]): ProcessRow[] {
  const found: ProcessRow[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = table.filter((row) => parents.has(row.parent) && row.pid !== row.parent);
    found.push(...children);
    parents = new Set(children.map((row) => row.pid));
  }
  return found;
}
