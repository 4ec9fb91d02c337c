import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { listenersOf } from '../process/listeners.js';
import { catchesSigusr1, commandLineOf } from '../process/node-process.js';
import { osMemory } from '../process/os-memory.js';
import { isLauncher, type Member, roleOf } from './family.js';
import { type ProcessRow, processTable } from './process-table.js';

/** Whether the inspector of a process can be had, so far as reading shows. */
export type InspectorState = 'signal' | 'open' | 'no-handler' | 'other-namespace' | 'launcher';

/** A Node process of this user. */
export interface NodeProcess extends Member {
  nodeVersion: string | null;
  /** The TCP ports that it listens on. */
  ports: number[];
  rssBytes: number | null;
  /** Since its start; null where that is not known. */
  ageMs: number | null;
  inspector: InspectorState;
}

/** The Node processes of this user. Nothing is sent to them. */
export async function nodeProcesses(): Promise<NodeProcess[]> {
  const table = await processTable();
  const rows = table.filter(({ isNode }) => isNode);
  const byPort = await listenersOf(rows.map(({ pid }) => pid));
  const versions = new Map<string, Promise<string | null>>();
  const described = async (row: (typeof rows)[number]): Promise<NodeProcess> => {
    const { pid } = row;
    const exe = await readlink(`/proc/${pid}/exe`).catch(() => row.args[0] ?? 'node');
    const version = versions.get(exe) ?? versionOf(exe);
    versions.set(exe, version);
    return Object.assign(roleOf(row, table), {
      nodeVersion: await version,
      ports: [...byPort].flatMap(([port, pids]) => (pids.includes(pid) ? port : [])),
      rssBytes: await osMemory(pid).then(
        ({ rssBytes }) => rssBytes,
        () => null,
      ),
      ageMs: await ageOf(pid),
      inspector: await inspectorOf(row, table),
    });
  };
  return Promise.all(rows.map((row) => described(row)));
}

async function versionOf(exe: string): Promise<string | null> {
  const answer = await promisify(execFile)(exe, ['--version']).catch(() => null);
  return answer === null ? null : answer.stdout.trim();
}

/** Ticks of the kernel's clock for programs (USER_HZ), which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

async function ageOf(pid: number): Promise<number | null> {
  try {
    const [status, uptime] = await Promise.all(
      [`/proc/${pid}/stat`, '/proc/uptime'].map((file) => readFile(file, 'utf8')),
    );
    const ticks = Number(status?.slice(status.lastIndexOf(')') + 2).split(' ')[19]);
    return Math.max(0, (Number.parseFloat(uptime ?? '') - ticks / TICKS_PER_SECOND) * 1000);
  } catch {
    return null;
  }
}

async function inspectorOf(row: ProcessRow, table: readonly ProcessRow[]): Promise<InspectorState> {
  const [own, its] = await Promise.all(
    ['self', row.pid].map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => '')),
  );
  if (own !== its && its !== '') return 'other-namespace';
  if (isLauncher(row, table)) return 'launcher';
  if (/--inspect(-brk|-wait)?(=|\s|$)/.test(await commandLineOf(row.pid))) return 'open';
  return (await catchesSigusr1(row.pid)) ? 'signal' : 'no-handler';
}
