import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** A TCP port on which a process waits for connections. */
interface Listener {
  pid: number;
  /** In the notation of its source: the kernel's hexadecimal, or lsof's. */
  address: string;
  port: number;
}

/** The TCP ports that a process listens on. Empty when there is no such process, or it belongs to another user. */
export async function portsOf(pid: number): Promise<number[]> {
  if (process.platform !== 'linux') return (await lsof(['-a', '-p', String(pid)])).map(({ port }) => port);
  const sockets = await listeningSockets(pid);
  const own = await socketsOf(pid);
  return [...sockets].filter(([inode]) => own.has(inode)).map(([, { port }]) => port);
}

/**
 * The process that listens on a port of this machine, at this address or at all addresses. Where several share the port
 * (cluster), the first.
 *
 * @returns its pid; undefined when nothing listens there, or its process belongs to another user
 */
export async function pidOnPort(port: number, address = '127.0.0.1'): Promise<number | undefined> {
  if (process.platform !== 'linux') {
    const there = (await lsof([])).filter((one) => one.port === port);
    return (there.find((one) => one.address === address) ?? there.find((one) => one.address === '*'))?.pid;
  }
  const sockets = await listeningSockets('self');
  for (const wanted of addressesFor(address)) {
    const inodes = new Set(
      [...sockets].filter(([, one]) => one.port === port && one.address === wanted).map(([inode]) => inode),
    );
    if (inodes.size === 0) continue;
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    for (const pid of pids) {
      for (const inode of await socketsOf(pid)) if (inodes.has(inode)) return pid;
    }
  }
  return undefined;
}

/** Which of these processes listen on each port of this machine, at any address: those of a cluster share one. */
export async function listenersOf(pids: readonly number[]): Promise<Map<number, number[]>> {
  const byPort = new Map<number, Set<number>>();
  const add = (port: number, pid: number): void => {
    byPort.set(port, (byPort.get(port) ?? new Set()).add(pid));
  };
  if (process.platform === 'linux') {
    const sockets = await listeningSockets('self');
    const owned = await Promise.all(pids.map(async (pid) => ({ pid, own: await socketsOf(pid) })));
    for (const { pid, own } of owned)
      for (const inode of own) {
        const port = sockets.get(inode)?.port;
        if (port !== undefined) add(port, pid);
      }
  } else for (const { port, pid } of await lsof([])) if (pids.includes(pid)) add(port, pid);
  return new Map([...byPort].map(([port, found]) => [port, [...found]]));
}

/**
 * The process that listens on a Unix socket of the file system. Where several share it, the first.
 *
 * @returns its pid; undefined when nothing listens there, its process belongs to another user, or the system is not Linux
 */
export async function pidOnUnixSocket(path: string): Promise<number | undefined> {
  const wanted = resolve(path);
  const sockets = await listeningUnixSockets();
  for (const pid of (await readdir('/proc').catch(() => []))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const own = [...(await socketsOf(pid))].flatMap((inode) => sockets.get(inode) ?? []);
    if (own.length === 0) continue;
    // A program may have bound the socket by a path relative to its working directory.
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '/');
    if (own.some((name) => resolve(folder, name) === wanted)) return pid;
  }
  return undefined;
}

/** Of `/proc/net/unix`: the socket accepts connections (__SO_ACCEPTCON, include/linux/net.h). */
const ACCEPTS = 0x10000;

/** The paths of the Unix sockets that wait for connections, by inode. */
async function listeningUnixSockets(): Promise<Map<string, string>> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  return new Map(
    table.split('\n').flatMap((row) => {
      const [, flags, inode, path] = /^\S+: \S+ \S+ (\S+) \S+ \S+ +(\d+) (.+)$/.exec(row) ?? [];
      return flags && inode && path && Number.parseInt(flags, 16) & ACCEPTS ? [[inode, path]] : [];
    }),
  );
}

/**
 * The addresses that accept connections to this one, as the kernel writes them, the most specific first: the address
 * itself, its IPv4-mapped form, then all addresses of IPv4 and of IPv6. The kernel writes words of four bytes, least
 * significant first.
 */
function addressesFor(address: string): string[] {
  const ipv4 = address
    .split('.')
    .toReversed()
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  const ALL_IPV6 = '0'.repeat(32);
  return address === '::1'
    ? [`${'0'.repeat(24)}01000000`, ALL_IPV6]
    : [ipv4, `${'0'.repeat(16)}FFFF0000${ipv4}`, '0'.repeat(8), ALL_IPV6];
}

/** State of a listening socket in `/proc/net/tcp` (TCP_LISTEN, include/net/tcp_states.h). */
const LISTEN = '0A';

/** The listening sockets in the network namespace of a process, by inode. */
async function listeningSockets(pid: number | 'self'): Promise<Map<string, Omit<Listener, 'pid'>>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  return new Map(
    rows
      .filter(([, , , state]) => state === LISTEN)
      // The second column is address:port in hexadecimal, the tenth the inode.
      .map((columns) => {
        const [address, port] = columns[1]!.split(':');
        return [columns[9]!, { address: address!, port: Number.parseInt(port!, 16) }];
      }),
  );
}

/** The sockets that a process has open, by their inodes. Linux only. */
export async function socketsOf(pid: number): Promise<Set<string>> {
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
    const [, address, port] = /^n\[?(.*?)\]?:(\d+)$/.exec(line) ?? [];
    if (port) listeners.push({ pid, address: address!, port: Number(port) });
  }
  return listeners;
}
