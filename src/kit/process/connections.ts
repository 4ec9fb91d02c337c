import { readFile } from 'node:fs/promises';
import { socketsOf } from './listeners.js';

/** State of an open connection in `/proc/net/tcp` (TCP_ESTABLISHED, include/net/tcp_states.h). */
const ESTABLISHED = '01';

/** One end of an open TCP connection of this machine. */
export interface Connection {
  localPort: number;
  remotePort: number;
  /** `0` until a process has accepted it. */
  inode: string;
}

/** The open TCP connections in the network namespace of this process, each end on its own. Empty beside Linux. */
export async function openConnections(): Promise<Connection[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/self/net/${table}`, 'utf8').catch(() => '')),
  );
  return tables.flatMap((table) =>
    table.split('\n').flatMap((row) => {
      const [, local, remote, state, , , , , , inode] = row.trim().split(/\s+/);
      if (state !== ESTABLISHED || !local || !remote || !inode) return [];
      return [{ localPort: portOf(local), remotePort: portOf(remote), inode }];
    }),
  );
}

/** The kernel writes address:port in hexadecimal. */
function portOf(end: string): number {
  return Number.parseInt(end.slice(end.lastIndexOf(':') + 1), 16);
}

/** Which of these processes has each socket, by its inode. */
export async function ownersOf(pids: readonly number[]): Promise<Map<string, number>> {
  const sockets = await Promise.all(pids.map(async (pid) => ({ pid, own: await socketsOf(pid) })));
  return new Map(sockets.flatMap(({ pid, own }) => [...own].map((inode) => [inode, pid] as const)));
}
