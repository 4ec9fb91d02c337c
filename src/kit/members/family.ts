import { below, type ProcessRow } from './process-table.js';
import { scriptName, scriptOf } from './script.js';

/** What a process or a thread is in its service. */
export type RoleCode =
  'process' | 'cluster primary' | 'cluster worker' | 'child process' | 'upstream process' | 'worker thread';

/** A process that a service is made of. */
export interface Member {
  pid: number;
  role: RoleCode;
  script: string;
  /** The number of a cluster worker, from 1. */
  number: number | null;
}

/** What is known of the processes of a service before any of them is attached to. */
export interface Signs {
  table: readonly ProcessRow[];
  /** The processes that listen on the port. */
  listening: readonly number[];
  /** Those that accepted a connection to it; empty where that cannot be seen. */
  accepting: readonly number[];
  /** Processes that one of those connects to while it answers. */
  upstream: readonly number[];
}

/** Programs that start another one and wait for it, by their script or title. */
const LAUNCHER =
  /(^|[/\s])(npm|npx|yarn|pnpm|pm2|nodemon|concurrently|turbo|lerna|nx|tsx|ts-node-dev|forever|dotenv|cross-env)(-cli)?(\.[cm]?js)?(\s|$)|^PM2 v|God Daemon|\/tsx\/dist\/cli|\/node_modules\/\.bin\//;

/** Whether a script is one of the programs that start another one. */
export function isLauncherScript(script: string): boolean {
  return LAUNCHER.test(script);
}

/** Whether a process only starts other processes of Node, so far as its command line shows. */
export function isLauncher({ pid, args }: ProcessRow, table: readonly ProcessRow[]): boolean {
  const isNamed = args.some((arg) => /^--watch(-path)?(=|$)/.test(arg)) || isLauncherScript(scriptOf(args));
  return isNamed && below(pid, table).some(({ isNode }) => isNode);
}

/**
 * The processes of the service that one process is, or has below it: `npm start` and `sh -c` are left out for what they
 * started. Empty when there is no process of Node.
 */
export function membersBelow(pid: number, table: readonly ProcessRow[]): Member[] {
  const named = table.find((row) => row.pid === pid);
  const rows = [...(named ? [named] : []), ...below(pid, table)];
  const working = rows.filter((row) => row.isNode && !isLauncher(row, table));
  return membersOf(working, new Set(), table);
}

/** The processes of the service that answers on a port. Empty when none of them is of Node. */
export function membersOnPort({ table, listening, accepting, upstream }: Signs): Member[] {
  const isServing = new Set(accepting.length > 0 ? accepting : listening);
  const serving = table.filter(({ pid, isNode }) => isServing.has(pid) && isNode);
  const peers = serving.flatMap((one) =>
    one.worker === null ? [] : table.filter((other) => isPeer(one, other)),
  );
  const primaries = table.filter(
    (row) => row.isNode && (listening.includes(row.pid) || peers.some(({ parent }) => parent === row.pid)),
  );
  const own = accepting.length > 0 ? [] : primaries.flatMap(({ pid }) => below(pid, table));
  const behind = table.filter(({ pid }) => upstream.includes(pid));
  // Below a process that only listens may be other services: pm2 listens for all of its own.
  const children = [...serving, ...peers, ...behind].flatMap(({ pid }) => below(pid, table));
  const all = new Set([...primaries, ...serving, ...peers, ...children, ...own, ...behind]);
  const working = [...all].filter((row) => row.isNode && !isLauncher(row, table));
  return membersOf(working, new Set(upstream), table);
}

/** Workers of one cluster: the same parent started them, and they run the same. */
function isPeer(one: ProcessRow, other: ProcessRow): boolean {
  return (
    other.isNode &&
    other.worker !== null &&
    other.parent === one.parent &&
    other.args.join(' ') === one.args.join(' ')
  );
}

function membersOf(
  rows: readonly ProcessRow[],
  upstream: ReadonlySet<number>,
  table: readonly ProcessRow[],
): Member[] {
  const pids = new Set(rows.map(({ pid }) => pid));
  const members = rows.map((row): Member => {
    const member = roleOf(row, table);
    if (member.role !== 'process') return member;
    const { pid, parent } = row;
    return {
      ...member,
      role: upstream.has(pid) ? 'upstream process' : pids.has(parent) ? 'child process' : 'process',
    };
  });
  return members.toSorted((a, b) => RANK[a.role] - RANK[b.role] || a.pid - b.pid);
}

/** What a process is by itself: of a cluster, or a process like any other. */
export function roleOf({ pid, args, worker }: ProcessRow, table: readonly ProcessRow[]): Member {
  const isPrimary = table.some((other) => other.parent === pid && other.worker !== null);
  const role = isPrimary ? 'cluster primary' : worker === null ? 'process' : 'cluster worker';
  return { pid, role, script: scriptOf(args), number: worker === null ? null : Number(worker) };
}

const RANK: Record<RoleCode, number> = {
  process: 0,
  'cluster primary': 1,
  'cluster worker': 2,
  'upstream process': 3,
  'child process': 4,
  'worker thread': 5,
};

/** `cluster worker 2`, `worker thread images.js`: what a report calls it. */
export function memberName({ role, script, number }: Omit<Member, 'pid'>): string {
  const name = scriptName(script);
  if (role === 'cluster worker') return number === null ? role : `${role} ${number}`;
  if (role === 'cluster primary') return role;
  return name === '' ? `${role}${number === null ? '' : ` ${number}`}` : `${role} ${name}`;
}
