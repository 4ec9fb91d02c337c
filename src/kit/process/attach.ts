import http from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { pidOnPort, portsOf } from './listeners.js';
import { commandLineOf, mustBeNode } from './node-process.js';
import { remoteSession, type InspectorSession } from './session.js';

/** Where Node opens its inspector unless it was told another port. */
const USUAL_PORT = 9229;
/** A busy event loop answers the signal late: it is handled in between two callbacks. */
const OPENS_WITHIN_MS = 10_000;
const USUALLY_OPENS_WITHIN_MS = 1_000;
/** How long a port is given to answer that may be an inspector's. */
const ANSWERS_WITHIN_MS = 2_000;
/** How long to wait for the inspector to close itself: a process that is exiting does not. */
const FAREWELL_MS = 1_000;

/**
 * Opens a session with another Node process of this user, which need not be prepared for it.
 *
 * An inspector that is open already is used and left as it was. Otherwise SIGUSR1 asks Node to open one, on
 * loopback, and closing the session closes it again.
 *
 * @throws Problem LEAK_LAB_NO_PROCESS or LEAK_LAB_NO_INSPECTOR.
 */
export async function attach(pid: number): Promise<InspectorSession> {
  await mustBeNode(pid);
  const before = await portsOf(pid);
  const open = await alreadyOpen(pid, before);
  if (open) return remoteSession(open, pid);

  process.kill(pid, 'SIGUSR1');
  const { url, fresh } = await justOpened(pid, before);
  const session = await remoteSession(url, pid);
  return fresh ? { ...session, close: () => closeInspector(session) } : session;
}

/**
 * Opens a session with the process whose inspector listens at an address of this machine already. Closing it leaves
 * that inspector open.
 *
 * @throws Problem LEAK_LAB_NO_INSPECTOR.
 */
export async function attachAt(
  host: string,
  port: number,
): Promise<{ session: InspectorSession; pid: number }> {
  const url = await inspectorAt(port, host);
  if (!url) {
    throw new Problem(
      'LEAK_LAB_NO_INSPECTOR',
      `no inspector of Node answers at ${host}:${port}: start the program with --inspect, or give its --pid instead`,
    );
  }
  const session = await remoteSession(url, 0);
  const { result } = await session.post('Runtime.evaluate', {
    expression: 'process.pid',
    returnByValue: true,
  });
  return { session, pid: result.value as number };
}

/** Asks only ports that look like an inspector's: the others are the service's own, and it would log the visit. */
async function alreadyOpen(pid: number, ports: number[]): Promise<string | undefined> {
  const told = /--inspect(?:-brk|-wait)?=(?:\S+:)?(\d+)/.exec(await commandLineOf(pid))?.[1];
  const likely = ports.filter((port) => port === USUAL_PORT || port === Number(told));
  return firstOf(await Promise.all(likely.map((port) => inspectorAt(port))));
}

async function justOpened(pid: number, before: number[]): Promise<{ url: string; fresh: boolean }> {
  const askAll = Date.now() + USUALLY_OPENS_WITHIN_MS;
  const deadline = Date.now() + OPENS_WITHIN_MS;
  while (Date.now() < deadline) {
    await mustBeNode(pid); // and still be there
    const ports = await portsOf(pid);
    const fresh = ports.filter((port) => !before.includes(port));
    // Nothing new: it was open before, on a port that nobody told. Only now are the service's own ports asked.
    const asked = fresh.length > 0 || Date.now() < askAll ? fresh : ports;
    const url = firstOf(await Promise.all(asked.map((port) => inspectorAt(port))));
    if (url) return { url, fresh: fresh.length > 0 };
    if (Date.now() >= askAll) await mustHavePort(pid);
    await sleep(20);
  }
  throw new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} did not open its inspector within ${OPENS_WITHIN_MS / 1000} s of SIGUSR1: ` +
      `port ${USUAL_PORT} is taken by another process, the program handles SIGUSR1 itself, or it is stopped. ` +
      'Its log says which; starting it with --inspect-port=0 avoids the first',
  );
}

/** Node says only in its own log that it found the port taken, and goes on without an inspector. */
async function mustHavePort(pid: number): Promise<void> {
  const told = /--(?:inspect(?:-brk|-wait|-port)?|debug-port)=(?:\S+:)?(\d+)/.exec(
    await commandLineOf(pid),
  )?.[1];
  const port = told === undefined ? USUAL_PORT : Number(told);
  const other = port === 0 ? undefined : await pidOnPort(port);
  if (other === undefined || other === pid) return;
  throw new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} cannot open its inspector: its port, ${port}, is taken by process ${other}. ` +
      'End that one, or start the program with --inspect-port=0',
  );
}

/** The WebSocket address that an inspector publishes, or undefined where none answers. */
async function inspectorAt(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  try {
    const list = await bodyAt(`http://${host}:${port}/json/list`);
    const targets = JSON.parse(list) as { type?: string; webSocketDebuggerUrl?: string }[];
    return targets.find(({ type }) => type === 'node')?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}

/**
 * Not by `fetch`: when the process is killed while it connects, the promise of `fetch` may stay pending without a
 * socket or timer that keeps the event loop alive, and Node exits with code 13 (Node 20.20.2, undici 6.24.1).
 */
async function bodyAt(url: string): Promise<string> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = { agent: false, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) };
    http.get(url, options, resolve).once('error', reject);
  });
  return text(response);
}

async function closeInspector(session: InspectorSession): Promise<void> {
  // Node answers this by closing the port and every session with it, ours first: there is no reply to wait for.
  const ended = session.post('Runtime.evaluate', { expression: 'process._debugEnd()' }).catch(() => {});
  await Promise.race([ended, sleep(FAREWELL_MS, undefined, { ref: false })]);
  await session.close();
}

function firstOf<T>(found: (T | undefined)[]): T | undefined {
  return found.find((one) => one !== undefined);
}
