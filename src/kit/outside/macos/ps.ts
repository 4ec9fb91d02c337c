import type { Children } from '../counters.js';

/**
 * The threads that `ps -M -p PID` lists: one a line, under a heading. Only the first line of a process has its user.
 *
 * @returns null where none of the process is listed
 */
export function parseThreads(text: string, pid: number): number | null {
  const count = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first, second]) => first === String(pid) || second === String(pid)).length;
  return count === 0 ? null : count;
}

const CHILD = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S.*)$/;

/**
 * The children of a process in the list of all, as `ps -axo pid=,ppid=,rss=,comm=` prints it. Memory is in kilobytes,
 * and has what others share: of what is a child's own, ps has no figure.
 *
 * @returns null where the process itself is not listed
 */
export function parseChildren(text: string, pid: number): Children | null {
  const names = new Map<string, number>();
  let [isListed, count, ownBytes] = [false, 0, 0];
  for (const line of text.split('\n')) {
    const [, own, parent, rss, command = ''] = CHILD.exec(line) ?? [];
    if (own === undefined) continue;
    isListed ||= Number(own) === pid;
    if (Number(parent) !== pid) continue;
    count += 1;
    ownBytes += Number(rss) * 1024;
    const name = command.trim().split('/').at(-1) ?? '';
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  if (!isListed) return null;
  const most = Array.from(names, ([name, of]) => ({ name, count: of })).toSorted((a, b) => b.count - a.count);
  return { count, ownBytes, names: most };
}
