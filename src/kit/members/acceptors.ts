import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections, ownersOf } from '../process/connections.js';

/** A cluster hands them out in turn, so that as many workers are seen. */
const CONNECTIONS = 16;
const CONNECTS_WITHIN_MS = 2_000;
/** A cluster's primary accepts a connection and passes it on to a worker. */
const PASSED_ON_MS = 60;

/**
 * Which of these processes accept connections to a port of this machine: some are opened, nothing is sent over them, and
 * they are closed. Empty beside Linux, and where a process of another user accepts them.
 */
export async function acceptorsOn(port: number, host: string, pids: readonly number[]): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const sockets = Array.from({ length: CONNECTIONS }, () => net.connect({ port, host }));
  try {
    for (const socket of sockets) socket.on('error', () => {});
    const connected = Promise.all(sockets.map((socket) => once(socket, 'connect').catch(() => {})));
    await Promise.race([connected, sleep(CONNECTS_WITHIN_MS, undefined, { ref: false })]);
    await sleep(PASSED_ON_MS);
    const ours = new Set(sockets.map(({ localPort }) => localPort));
    const theirs = (await openConnections()).filter(
      ({ localPort, remotePort }) => localPort === port && ours.has(remotePort),
    );
    const owners = await ownersOf(pids);
    return [...new Set(theirs.flatMap(({ inode }) => owners.get(inode) ?? []))];
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
