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

/** Of a program that is not signed for debugging, vmmap says so, and shows sizes all the same: what it hides is contents. */
export const vmmapOf = (pid: number): Promise<Told<VmmapSummary>> =>
  told('vmmap', ['--summary', String(pid)], parseVmmap);

/** Without -nP, lsof asks for the name of each address. */
export const lsofOf = (pid: number): Promise<Told<OpenFiles>> =>
  told('lsof', ['-nPw', '-a', '-p', String(pid), `-F${LSOF_FIELDS}`], parseLsof, true);

export const threadsOf = (pid: number): Promise<Told<number>> =>
  told('ps', ['-M', '-p', String(pid)], (text) => parseThreads(text, pid));

export const childrenOf = (pid: number): Promise<Told<Children>> =>
  told('ps', ['-axo', 'pid=,ppid=,rss=,comm='], (text) => parseChildren(text, pid));
