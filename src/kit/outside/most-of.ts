import { childrenOf, descriptorsOf, socketStatesOf, threadsOf } from './counters.js';
import type { GrowthCode } from './growth.js';
import * as mac from './macos/programs.js';
import { system } from './system.js';

/** What the system calls most of what grows: the path of files, the state of sockets, the name of threads or programs. */
export interface MostOf {
  as: 'path' | 'state' | 'name';
  text: string;
}

/** Null where the system does not tell. */
export async function mostOf(code: GrowthCode, pid: number): Promise<MostOf | null> {
  const isMac = system() === 'darwin';
  if (code === 'files') {
    const [most] = (isMac ? (await mac.lsofOf(pid)).value : descriptorsOf(pid))?.paths ?? [];
    return most && most.count > 1 ? { as: 'path', text: most.path } : null;
  }
  if (code === 'sockets') {
    const states = isMac ? ((await mac.lsofOf(pid)).value?.states ?? []) : socketStatesOf(pid);
    return states[0] ? { as: 'state', text: states[0].state } : null;
  }
  // On macOS, threads have no names that other processes see.
  if (code === 'threads') return named(threadsOf(pid)?.[0]?.name);
  if (!code.startsWith('children')) return null;
  const children = isMac ? (await mac.childrenOf(pid)).value : childrenOf(pid);
  return named(children?.names[0]?.name);
}

const named = (name: string | undefined): MostOf | null => (name ? { as: 'name', text: name } : null);
