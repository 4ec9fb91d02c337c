import type { Children, OpenFiles } from '../counters.js';
import { LSOF_FIELDS, parseLsof } from './lsof.js';
import { parseChildren, parseThreads } from './ps.js';
import { run } from './run.js';
import { parseVmmap, type VmmapSummary } from './vmmap.js';

/** What a program told, or why it told nothing. */
export type Told<T> = { value: T; because: null } | { value: null; because: string };

async function told<T>(
  program: string,
  args: readonly string[],
  parse: (text: string) => T | null,
  isPartial = false,
): Promise<Told<T>> {
  const { text, because } = await run(program, args, isPartial);
  if (because !== null) return { value: null, because };
  const value = parse(text);
  return value === null
    ? { value: null, because: `the output of ${program} has a form that is not known` }
    : { value, because: null };
}

/** vmmap stops no process that it may not read, and prints what is public of it: that would be taken for all. */
const RESTRICTED = /not debuggable|security restrictions/i;

export async function vmmapOf(pid: number): Promise<Told<VmmapSummary>> {
  let isRestricted = false;
  const read = await told('vmmap', ['--summary', String(pid)], (text) => {
    isRestricted = RESTRICTED.test(text);
    return isRestricted ? null : parseVmmap(text);
  });
  return isRestricted
    ? { value: null, because: 'vmmap may not read this process: its program is not signed for debugging' }
    : read;
}

/** Without -nP, lsof asks for the name of each address. */
export const lsofOf = (pid: number): Promise<Told<OpenFiles>> =>
  told('lsof', ['-nPw', '-a', '-p', String(pid), `-F${LSOF_FIELDS}`], parseLsof, true);

export const threadsOf = (pid: number): Promise<Told<number>> =>
  told('ps', ['-M', '-p', String(pid)], (text) => parseThreads(text, pid));

export const childrenOf = (pid: number): Promise<Told<Children>> =>
  told('ps', ['-axo', 'pid=,ppid=,rss=,comm='], (text) => parseChildren(text, pid));
