import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { procText } from '../proc.js';

/** What the control groups of a process leave it; null without a limit. */
export interface ContainerFree {
  memoryBytes: number | null;
  processes: number | null;
}

/** Version 1 writes "no limit" as the largest number of pages. */
const NO_LIMIT = 2 ** 60;

/**
 * A process is limited by its control group and by all groups above it. Its path may be one that only the host sees: the
 * folders that are not there are passed over, and the root of what is mounted is the container's own group.
 */
export function containerFree(pid: number): ContainerFree {
  // Our mount, and the target's own, where it is in another container.
  const mounts = ['/sys/fs/cgroup', `/proc/${pid}/root/sys/fs/cgroup`];
  return freeInGroups(procText(pid, 'cgroup') ?? '', mounts);
}

/** @param text `/proc/PID/cgroup`. @param mounts the folders where groups may be mounted */
export function freeInGroups(text: string, mounts: readonly string[]): ContainerFree {
  const groups = text.split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    return path ? [{ controllers: controllers.split(','), path }] : [];
  });
  const folders = (controller: string): string[] =>
    groups
      .filter(({ controllers }) => controllers.includes(controller) || controllers.includes(''))
      .flatMap(({ controllers, path }) =>
        mounts.flatMap((mount) => upwards(controllers.includes('') ? mount : join(mount, controller), path)),
      );
  return {
    memoryBytes: least(folders('memory').map((folder) => memoryFree(folder))),
    processes: least(folders('pids').map((folder) => freeOf(folder, 'pids.max', 'pids.current'))),
  };
}

/** A group and those above it. A group of another namespace begins with `..`. */
function upwards(mount: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, count) => join(mount, ...parts.slice(0, count)));
}

/** Pages of files that were not used for a while are taken from the group before it is out of memory. */
function memoryFree(folder: string): number | null {
  const free =
    freeOf(folder, 'memory.max', 'memory.current') ??
    freeOf(folder, 'memory.limit_in_bytes', 'memory.usage_in_bytes');
  if (free === null) return null;
  const inactive = /^(?:total_)?inactive_file (\d+)$/gm;
  const counts = [...(fileText(folder, 'memory.stat') ?? '').matchAll(inactive)].map(([, count]) =>
    Number(count),
  );
  return free + Math.max(0, ...counts);
}

function freeOf(folder: string, limitName: string, usedName: string): number | null {
  const [limit, used] = [numberIn(folder, limitName), numberIn(folder, usedName)];
  return limit === null || used === null || limit >= NO_LIMIT ? null : limit - used;
}

/** Null where there is no such file, or it says `max`. */
function numberIn(folder: string, name: string): number | null {
  const written = fileText(folder, name)?.trim() ?? '';
  return /^\d+$/.test(written) ? Number(written) : null;
}

function fileText(folder: string, name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return null;
  }
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
