import { childrenOf, openFilesLimit } from '../counters.js';
import { countOpen } from '../outside-sample.js';
import { procText } from '../proc.js';
import { containerFree } from './container.js';
import type { Headroom, LimitCode } from './headroom.js';
import { machineFree } from './machine.js';
import { portsOf } from './ports.js';

const KIB = 1024;

/**
 * How far a process is from the limits that the system sets it; empty where there is no `/proc`, or the process has
 * ended. V8's heap limit is not among them.
 */
export function headroomOf(pid: number): Headroom[] {
  const status = procText(pid, 'status');
  if (!status) return [];
  const number = (field: string): number =>
    Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const children = childrenOf(pid);
  const memory = number('VmRSS') * KIB + (children?.ownBytes ?? 0);
  const tasks = number('Threads') + (children?.count ?? 0);
  const container = containerFree(pid);
  const machine = machineFree(pid, number('Uid'));
  return [
    ...limited('open-files', countOpen(pid), openFilesLimit(pid)),
    ...limited('address-space', number('VmSize') * KIB, addressSpaceLimit(pid)),
    ...shared('container-memory', memory, container.memoryBytes),
    ...shared('container-processes', tasks, container.processes),
    ...shared('user-processes', tasks, machine.userProcesses),
    ...shared('machine-memory', memory, machine.memoryBytes),
    ...shared('machine-processes', tasks, machine.processes),
    ...portsOf(pid),
  ];
}

function limited(code: LimitCode, used: number | null, limit: number | null): Headroom[] {
  return used === null || limit === null ? [] : [{ code, used, free: Math.max(0, limit - used) }];
}

/** What others take of as well. */
function shared(code: LimitCode, used: number, free: number | null): Headroom[] {
  return free === null ? [] : [{ code, used, free: Math.max(0, free) }];
}

function addressSpaceLimit(pid: number): number | null {
  const limit = /^Max address space\s+(\d+)/m.exec(procText(pid, 'limits') ?? '')?.[1];
  return limit === undefined ? null : Number(limit);
}
