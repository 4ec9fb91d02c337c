import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections, ownersOf } from '../process/connections.js';
import { listenersOf } from '../process/listeners.js';

const POLL_MS = 2;

/**
 * Which of these processes a service connects to while it answers: a proxy to its replicas, a gateway to what is behind
 * it. A connection may last for a millisecond, so several requests should be sent meanwhile. Empty beside Linux.
 *
 * @param from the processes that accept the requests
 * @param pids the processes that may be behind them
 * @param ask sends the requests
 */
export async function upstreamOf(
  from: readonly number[],
  pids: readonly number[],
  ask: () => Promise<unknown>,
): Promise<number[]> {
  const others = pids.filter((pid) => !from.includes(pid));
  const listening = process.platform === 'linux' ? await listenersOf(others) : new Map<number, number[]>();
  const reached = new Set<number>();
  const asking = new AbortController();
  const asked = ask().finally(() => asking.abort());
  if (listening.size === 0) {
    await asked;
    return [];
  }
  const seen = new Set<string>();
  while (!asking.signal.aborted) {
    const fresh = (await openConnections()).filter(
      ({ inode, remotePort }) => listening.has(remotePort) && !seen.has(inode),
    );
    // What is behind a process that is behind it counts, too.
    const owners = fresh.length > 0 ? await ownersOf([...from, ...reached]) : new Map<string, number>();
    for (const { inode, remotePort } of fresh) {
      if (!owners.has(inode)) continue;
      seen.add(inode);
      for (const pid of listening.get(remotePort) ?? []) reached.add(pid);
    }
    await sleep(POLL_MS);
  }
  await asked;
  return [...reached];
}
