import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A TCP port on which a process waits for connections. */
export interface Listener {
  pid: number;
  port: number;
}

/** The ports that a process listens on. Empty when there is no such process, or it is not ours to look into. */
export async function portsOf(pid: number): Promise<number[]> {
  if (process.platform !== 'linux') return (await lsof(['-a', '-p', String(pid)])).map(({ port }) => port);
  const sockets = await listeningSockets(pid);
  const own = await socketsOf(pid);
  return [...sockets].filter(([inode]) => own.has(inode)).map(([, port]) => port);
}

/** The process that listens on a port of this machine; the first, where several share it (cluster). */
export async function pidOnPort(port: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return (await lsof([])).find((one) => one.port === port)?.pid;
  const inodes = new Set(
    [...(await listeningSockets('self'))].filter(([, one]) => one === port).map(([inode]) => inode),
  );
  if (inodes.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids) {
    for (const inode of await socketsOf(pid)) if (inodes.has(inode)) return pid;
  }
  return undefined;
}

/** State of a listening socket in `/proc/net/tcp` (TCP_LISTEN, include/net/tcp_states.h). */
const LISTEN = '0A';

/** Inode → port of every listening socket in the network namespace of a process. */
async function listeningSockets(pid: number | 'self'): Promise<Map<string, number>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  return new Map(
    rows
      .filter(([, , , state]) => state === LISTEN)
      // The second column is address:port in hexadecimal, the tenth the inode.
      .map((columns) => [columns[9]!, Number.parseInt(columns[1]!.split(':')[1]!, 16)]),
  );
}

async function socketsOf(pid: number): Promise<Set<string>> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')),
  );
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

async function lsof(filter: string[]): Promise<Listener[]> {
  // -F pn: one field a line, p before a process, n before a name such as 127.0.0.1:9229.
  const output = await promisify(execFile)('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fpn', ...filter]).then(
    ({ stdout }) => stdout,
    () => '', // lsof exits 1 when it finds nothing
  );
  const listeners: Listener[] = [];
  let pid = 0;
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    const port = /^n.*:(\d+)$/.exec(line)?.[1];
    if (port) listeners.push({ pid, port: Number(port) });
  }
  return listeners;
}
