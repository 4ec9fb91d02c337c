import { listenersOf } from '../process/listeners.js';
import { acceptorsOn } from './acceptors.js';
import { isLauncher, type Member, membersBelow, membersOnPort } from './family.js';
import { withoutOurselves } from './ourselves.js';
import { processTable } from './process-table.js';
import { upstreamOf } from './upstream.js';

/** What a service is made of. */
export interface FoundService {
  /** Empty where no process of Node was found. */
  members: Member[];
  /** The process that was named only starts these. */
  launcher: number | null;
  /** The processes that accept connections to the port; empty where that is not known. */
  accepting: number[];
}

/** Where a service answers. */
export interface Place {
  port: number;
  host: string;
  /** Sends some requests, so that it is seen which processes a proxy connects to. */
  ask: () => Promise<unknown>;
}

/** The service that a process is, or has below it. @param place where it answers, if that is known */
export async function serviceOf(pid: number, place?: Place): Promise<FoundService> {
  const table = withoutOurselves(await processTable(), process.pid, pid);
  const nodes = table.filter(({ isNode }) => isNode).map((row) => row.pid);
  const named = table.find((row) => row.pid === pid);
  const members = membersBelow(pid, table);
  const isStarter = named !== undefined && (!named.isNode || isLauncher(named, table));
  return {
    members,
    launcher: isStarter && members.length > 0 ? pid : null,
    accepting: place ? await acceptorsOn(place.port, place.host, nodes) : [],
  };
}

/** The service that answers on a port of this machine. */
export async function serviceOn({ port, host, ask }: Place): Promise<FoundService> {
  const table = withoutOurselves(await processTable(), process.pid, null);
  const nodes = table.filter(({ isNode }) => isNode).map(({ pid }) => pid);
  const all = table.map(({ pid }) => pid);
  const listening = (await listenersOf(all)).get(port) ?? [];
  const accepting = await acceptorsOn(port, host, all);
  if (listening.length + accepting.length === 0) return { members: [], launcher: null, accepting: [] };
  const upstream = await upstreamOf([...new Set([...listening, ...accepting])], nodes, ask);
  const members = membersOnPort({ table, listening, accepting, upstream });
  return { members, launcher: null, accepting: accepting.length > 0 ? accepting : listening };
}
