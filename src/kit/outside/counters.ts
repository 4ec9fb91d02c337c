import { procLink, procNames, procText } from './proc.js';

/** Open files by what they are. */
export const descriptorKinds = ['files', 'sockets', 'pipes', 'watches', 'other-descriptors'] as const;
export type DescriptorKind = (typeof descriptorKinds)[number];

/** What a link in `/proc/PID/fd` points to. */
export function descriptorKindOf(link: string): DescriptorKind {
  if (link.startsWith('socket:')) return 'sockets';
  if (link.startsWith('pipe:')) return 'pipes';
  if (/^anon_inode:\[?(inotify|fanotify)/.test(link)) return 'watches';
  return link.startsWith('/') && !link.startsWith('/dev/') ? 'files' : 'other-descriptors';
}

/** The open files of a process, as far as its system tells. */
export interface OpenFiles {
  counts: Partial<Record<DescriptorKind, number>>;
  /** Paths of open files, and how many are open of each; the most first. */
  paths: { path: string; count: number }[];
  /** States of its TCP sockets, the most first: CLOSE_WAIT ("closed by the peer") is one that the program has to close. */
  states: { state: string; count: number }[];
}

export interface Descriptors {
  counts: Record<DescriptorKind, number>;
  /** Paths of open files, and how many are open of each; the most first. */
  paths: { path: string; count: number }[];
  /** The numbers of those that watch files: libuv has one for all watches of an event loop. */
  inotify: string[];
}

/** Names of more are not read: of a thousand the kinds are known as well. */
const MOST_LINKS = 2_000;
const PATHS_SHOWN = 5;

/** The open files of a process; null where they may not be seen. */
export function descriptorsOf(pid: number): Descriptors | null {
  const numbers = procNames(pid, 'fd');
  if (numbers === null) return null;
  const counts: Descriptors['counts'] = {
    files: 0,
    sockets: 0,
    pipes: 0,
    watches: 0,
    'other-descriptors': 0,
  };
  const step = Math.max(1, Math.ceil(numbers.length / MOST_LINKS));
  const paths = new Map<string, number>();
  const inotify: string[] = [];
  for (let at = 0; at < numbers.length; at += step) {
    const link = procLink(pid, `fd/${numbers[at]}`) ?? '';
    const kind = descriptorKindOf(link);
    counts[kind] += step;
    if (kind === 'watches') inotify.push(numbers[at] ?? '');
    if (kind === 'files') paths.set(link, (paths.get(link) ?? 0) + step);
  }
  const most = Array.from(paths, ([path, count]) => ({ path, count })).toSorted((a, b) => b.count - a.count);
  return { counts, paths: most.slice(0, PATHS_SHOWN), inotify };
}

/** How many files and folders are watched, which the kernel lists for each such descriptor. */
export function watchesOf(pid: number, { inotify }: Pick<Descriptors, 'inotify'>): number {
  return inotify.reduce(
    (sum, number) => sum + (procText(pid, `fdinfo/${number}`)?.match(/^inotify wd:/gm)?.length ?? 0),
    0,
  );
}

/** The threads of a process by name, the most first; null where they may not be seen. */
export function threadsOf(pid: number): { name: string; count: number }[] | null {
  const ids = procNames(pid, 'task');
  if (ids === null) return null;
  const names = new Map<string, number>();
  for (const id of ids.slice(0, MOST_LINKS)) {
    const name = procText(pid, `task/${id}/comm`)?.trim() ?? '';
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  return Array.from(names, ([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count);
}

export interface Children {
  count: number;
  /** Resident memory that is no file's: programs and libraries are in memory once, however many children run them. */
  ownBytes: number;
  /** Their programs, the most first. */
  names: { name: string; count: number }[];
}

/** Child processes, with those that have ended and were not collected; null where the kernel does not list them. */
export function childrenOf(pid: number): Children | null {
  const threads = procNames(pid, 'task');
  const lists = threads?.map((id) => procText(pid, `task/${id}/children`)) ?? [];
  if (threads === null || lists.every((list) => list === null)) return null;
  const pids = lists.flatMap((list) => list?.split(' ').filter(Boolean) ?? []).map(Number);
  const names = new Map<string, number>();
  let ownBytes = 0;
  for (const child of pids) {
    const status = procText(child, 'status') ?? '';
    ownBytes += Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    const name = /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '';
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  const most = Array.from(names, ([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count);
  return { count: pids.length, ownBytes, names: most };
}

/** The most files that a process may have open; null where there is no limit, or it is not known. */
export function openFilesLimit(pid: number): number | null {
  const limit = /^Max open files\s+(\d+)/m.exec(procText(pid, 'limits') ?? '')?.[1];
  return limit === undefined ? null : Number(limit);
}

/** States of TCP sockets in `/proc/PID/net/tcp` (include/net/tcp_states.h). */
const STATES: Record<string, string> = {
  '01': 'established',
  '02': 'connecting',
  '08': 'closed by the peer',
  '0A': 'listening',
};

/** The TCP sockets of a process by state, the most first: CLOSE_WAIT ("closed by the peer") is one that the program has to close. */
export function socketStatesOf(pid: number): { state: string; count: number }[] {
  const own = new Set(
    (procNames(pid, 'fd') ?? [])
      .slice(-MOST_LINKS)
      .flatMap((fd) => /^socket:\[(\d+)\]$/.exec(procLink(pid, `fd/${fd}`) ?? '')?.[1] ?? []),
  );
  const counts = new Map<string, number>();
  for (const table of ['net/tcp', 'net/tcp6']) {
    for (const line of (procText(pid, table) ?? '').split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (!own.has(columns[9] ?? '')) continue;
      const state = STATES[columns[3] ?? ''] ?? 'closing';
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
  }
  return Array.from(counts, ([state, count]) => ({ state, count })).toSorted((a, b) => b.count - a.count);
}
