import { readFileSync } from 'node:fs';
import { procText } from '../proc.js';
import type { Headroom } from './headroom.js';

/** Below this share of the ports, the sockets of the network are counted and not looked at. */
const FEW = 1 / 4;
/** States of sockets that take no port of a new connection: TIME_WAIT is used again on loopback, LISTEN is fixed. */
const FREE_STATES = new Set(['06', '0A']);

/**
 * The local ports that the connections of a process can still have. Those to one address need a port each, and so does
 * each connection of a service to its database on the same machine.
 */
export function portsOf(pid: number): Headroom[] {
  const range = localRange();
  const used = ['sockstat', 'sockstat6'].reduce((sum, name) => sum + inUse(procText(pid, `net/${name}`)), 0);
  if (range === null) return [];
  const [from, to] = range;
  const all = to - from + 1;
  const taken = used < FEW * all ? used : mostToOneAddress(pid, from, to);
  return [{ code: 'ports', used, free: Math.max(0, all - taken) }];
}

const inUse = (text: string | null): number => Number(/^TCP6?: inuse (\d+)/m.exec(text ?? '')?.[1] ?? 0);

function localRange(): [from: number, to: number] | null {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [, from, to] = /^(\d+)\s+(\d+)/.exec(text) ?? [];
    return from === undefined || to === undefined ? null : [Number(from), Number(to)];
  } catch {
    return null;
  }
}

function mostToOneAddress(pid: number, from: number, to: number): number {
  const counts = new Map<string, number>();
  for (const table of ['net/tcp', 'net/tcp6']) {
    for (const line of (procText(pid, table) ?? '').split('\n').slice(1)) {
      const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.split(':')[1] ?? '', 16);
      if (port < from || port > to || FREE_STATES.has(state)) continue;
      counts.set(remote, (counts.get(remote) ?? 0) + 1);
    }
  }
  return Math.max(0, ...counts.values());
}
