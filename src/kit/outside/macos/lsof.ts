import type { DescriptorKind, OpenFiles } from '../counters.js';

/**
 * What `lsof -F ftnT` prints of one process: a line for each field, with its letter before it. `f` begins a file, `t` is
 * its type, `n` its name, and `TST=` the state of a TCP connection. Files that are not open descriptors, such as the
 * program itself, have words for numbers.
 */
export const LSOF_FIELDS = 'ftnT';

/** Types of lsof. What is not listed is another descriptor: KQUEUE, CHR, NPOLICY, PSXSEM. */
const KINDS: Record<string, DescriptorKind> = {
  REG: 'files',
  DIR: 'files',
  LINK: 'files',
  IPv4: 'sockets',
  IPv6: 'sockets',
  unix: 'sockets',
  sock: 'sockets',
  systm: 'sockets',
  PIPE: 'pipes',
  FIFO: 'pipes',
};

/** As the states of Linux are called. */
const STATES: Record<string, string> = {
  ESTABLISHED: 'established',
  SYN_SENT: 'connecting',
  CLOSE_WAIT: 'closed by the peer',
  LISTEN: 'listening',
};

interface OpenFile {
  type: string;
  name: string;
  state: string | null;
}

/** Null where this is no such output: a process without any descriptor does not exist. */
export function parseLsof(text: string): OpenFiles | null {
  const files = openFilesIn(text);
  if (files.length === 0) return null;
  const counts = { files: 0, sockets: 0, pipes: 0, 'other-descriptors': 0 };
  const paths = new Map<string, number>();
  const states = new Map<string, number>();
  for (const { type, name, state } of files) {
    const kind = KINDS[type] ?? 'other-descriptors';
    if (kind in counts) counts[kind as keyof typeof counts] += 1;
    if (kind === 'files' && name.startsWith('/')) paths.set(name, (paths.get(name) ?? 0) + 1);
    if (kind === 'sockets' && state !== null) states.set(state, (states.get(state) ?? 0) + 1);
  }
  return {
    counts,
    paths: mostFirst(paths).map(([path, count]) => ({ path, count })),
    states: mostFirst(states).map(([state, count]) => ({ state, count })),
  };
}

const MOST_SHOWN = 5;

const mostFirst = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MOST_SHOWN);

function openFilesIn(text: string): OpenFile[] {
  const files: OpenFile[] = [];
  let file: OpenFile | null = null;
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('f')) {
      file = /^\d+$/.test(value) ? { type: '', name: '', state: null } : null;
      if (file) files.push(file);
    } else if (!file) continue;
    else if (line.startsWith('t')) file.type = value;
    else if (line.startsWith('n')) file.name = value;
    else if (line.startsWith('TST=')) file.state = STATES[line.slice('TST='.length)] ?? 'closing';
  }
  return files;
}
