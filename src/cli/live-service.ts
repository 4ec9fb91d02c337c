import { lookup } from 'node:dns/promises';
import { type Part, partsOf, releaseParts, type Service, type SilentThread } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { isAlive } from '../kit/process/alive.js';
import { attach } from '../kit/process/attach.js';
import { pidOnUnixSocket } from '../kit/process/listeners.js';
import { isLoopback } from '../kit/process/loopback.js';
import type { InspectorSession } from '../kit/process/session.js';
import { type FoundService, type Member, memberName, serviceOf, serviceOn } from '../kit/members/index.js';

/** What the options of the command say of the service. */
export interface ServiceAddress {
  pid: number | undefined;
  /** The first of them, if there are several. */
  url: string | undefined;
  /** The Unix socket that it listens on instead of a port. */
  socketPath: string | undefined;
  /** Sends some requests to it. */
  ask: () => Promise<unknown>;
}

/** The processes of the service; null where it is not on this machine, or not known by a pid or a port. */
export async function findService(address: ServiceAddress): Promise<FoundService | null> {
  const { pid, url, socketPath, ask } = address;
  if (socketPath !== undefined) return behindSocket(pid, socketPath);
  const host = url === undefined ? undefined : await loopbackOf(new URL(url));
  const place =
    url === undefined || host === undefined ? undefined : { port: portOf(new URL(url)), host, ask };
  if (pid !== undefined) return serviceOf(pid, place);
  return place ? serviceOn(place) : null;
}

async function behindSocket(pid: number | undefined, socketPath: string): Promise<FoundService | null> {
  const listening = await pidOnUnixSocket(socketPath);
  const named = pid ?? listening;
  if (named === undefined) return null;
  return { ...(await serviceOf(named)), accepting: listening === undefined ? [] : [listening] };
}

/** The address of a host if all of its addresses are of this machine. */
async function loopbackOf({ hostname }: URL): Promise<string | undefined> {
  const found = await lookup(hostname.replaceAll(/[[\]]/g, ''), { all: true }).catch(() => []);
  return found.every(({ address }) => isLoopback(address)) ? found[0]?.address : undefined;
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

interface Reached {
  member: Member;
  session: InspectorSession;
}

/** The processes of a service beside its first one, attached to. */
export interface Others {
  reached: Reached[];
  notReached: Member[];
  /** Why, for each of those. */
  messages: string[];
  release(): Promise<void>;
}

/** Attaches to all processes of a service but the first, each aside, so that the first finds the inspector's port free. */
export async function attachToOthers(found: FoundService | null, signal: AbortSignal): Promise<Others> {
  const others: Others = {
    reached: [],
    notReached: [],
    messages: [],
    release: async () => {
      await Promise.all(others.reached.map(({ session }) => session.close()));
    },
  };
  try {
    for (const member of found?.members.slice(1) ?? []) {
      signal.throwIfAborted();
      try {
        others.reached.push({ member, session: await attach(member.pid, { aside: true, signal }) });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (!isAlive(member.pid)) continue; // it was there for a moment only
        others.notReached.push(member);
        others.messages.push(error.message);
      }
    }
    return others;
  } catch (error) {
    await others.release();
    throw error;
  }
}

/** The service with the parts of all its processes. @param first the process that was attached to as before */
export async function openService(
  first: { session: InspectorSession; pid: number },
  found: FoundService | null,
  { reached, notReached, messages }: Others,
  isNamed: boolean,
): Promise<{ service: Service; release(): Promise<void> }> {
  const alone: Member = { pid: first.pid, role: 'process', script: '', number: null };
  const member = found?.members[0] ?? alone;
  const parts: Part[] = [];
  const silent: SilentThread[] = [];
  for (const one of [{ member, session: first.session }, ...reached]) {
    const threads = await partsOf(one.session, one.member);
    parts.push(...threads.parts);
    silent.push(...threads.silent);
  }
  const names = found?.members.map((one) => `${memberName(one)} (${one.pid})`) ?? [];
  const launcher = found?.launcher ?? null;
  return {
    service: {
      parts,
      silent,
      notReached,
      accepting: found?.accepting ?? [],
      isNamed,
      notes: [
        ...(launcher === null ? [] : [{ code: 'started-by' as const, launcher, names }]),
        ...notReached.map((one, at) => ({
          code: 'process-not-reached' as const,
          name: memberName(one),
          message: messages[at] ?? '',
        })),
      ],
    },
    release: () => releaseParts(parts),
  };
}
