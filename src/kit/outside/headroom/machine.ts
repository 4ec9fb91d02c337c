import { readdirSync, readFileSync } from 'node:fs';
import { procText } from '../proc.js';

/** What the machine leaves; null where it is not limited, or not known. */
export interface MachineFree {
  memoryBytes: number | null;
  processes: number | null;
  /** Of the user. */
  userProcesses: number | null;
}

const KIB = 1024;
/** The user that no number of processes limits. */
const ROOT = 0;

/** @param user of the process */
export function machineFree(pid: number, user: number): MachineFree {
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(systemText('meminfo') ?? '')?.[1];
  const tasks = Number(/\d+\/(\d+)/.exec(systemText('loadavg') ?? '')?.[1] ?? Number.NaN);
  const most = Math.min(systemNumber('sys/kernel/threads-max'), systemNumber('sys/kernel/pid_max'));
  const limit = /^Max processes\s+(\d+)/m.exec(procText(pid, 'limits') ?? '')?.[1];
  return {
    memoryBytes: available === undefined ? null : Number(available) * KIB,
    processes: Number.isFinite(most - tasks) ? most - tasks : null,
    userProcesses:
      limit === undefined || user === ROOT ? null : Number(limit) - tasksOf(user, tasks, Number(limit)),
  };
}

/** The processes and threads of a user: no more than there are in all, and counted only where that comes near the limit. */
function tasksOf(user: number, all: number, limit: number): number {
  if (all < limit / 2) return all;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => procText(Number(name), 'status') ?? '')
    .filter((status) => Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]) === user)
    .reduce((sum, status) => sum + Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0), 0);
}

function systemNumber(name: string): number {
  const written = systemText(name)?.trim() ?? '';
  return /^\d+$/.test(written) ? Number(written) : Number.POSITIVE_INFINITY;
}

function systemText(name: string): string | null {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    return null;
  }
}
