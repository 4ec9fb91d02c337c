import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { inspectorAt } from './inspector-address.js';
import { pidOnPort, portsOf } from './listeners.js';
import { moveInspector } from './move-inspector.js';
import { requireSameNetwork } from './namespaces.js';
import { commandLineOf, isStopped, requireNode } from './node-process.js';
import { notOpened, portTaken, requireVersion, stopped } from './obstacles.js';
import { remoteSession } from './remote-session.js';
import type { InspectorSession } from './session.js';
import { watchInspector } from './inspector-watchdog.js';

/** Node's default port for its inspector. */
const DEFAULT_PORT = 9229;
/** A busy event loop handles the signal late, between two callbacks. */
const OPENS_WITHIN_MS = 10_000;
const OPENS_SOON_WITHIN_MS = 1_000;
/** How long a port that another process has is waited for. */
const FREED_WITHIN_MS = 2_000;
/** And one that has it because it is diagnosed at the moment. */
const EXAMINED_WITHIN_MS = 10 * 60_000;
const TAKEN_POLL_MS = 250;
/** How long to wait for the inspector to close. A process that is exiting never answers. */
const CLOSES_WITHIN_MS = 1_000;

/** How one process of several is attached to. */
export interface AttachOptions {
  /**
   * Moves the inspector to a free port once it is open, so that the process does not occupy the port that the next one
   * needs: all of them open theirs on the same one. Default false.
   */
  aside?: boolean;
  /** Ends the waiting for a port that another process has. */
  signal?: AbortSignal;
}

/**
 * Opens a session with another Node process of this user. The process needs no preparation.
 *
 * An inspector that is open already is used, and stays open. Otherwise SIGUSR1 makes Node open one on loopback, and
 * closing the session closes it again.
 *
 * @throws Problem LEAK_LAB_NO_PROCESS when there is no such process, or it is of another user, or not Node
 * @throws Problem LEAK_LAB_NO_INSPECTOR when its inspector does not open or does not answer
 */
export async function attach(
  pid: number,
  { aside = false, signal }: AttachOptions = {},
): Promise<InspectorSession> {
  await requireNode(pid);
  await requireSameNetwork(pid);
  const before = await portsOf(pid);
  const open = await alreadyOpen(pid, before);
  if (open) return remoteSession(open, `process ${pid}`);

  if (await isStopped(pid)) throw stopped(pid);
  await waitForPort(pid, signal);
  process.kill(pid, 'SIGUSR1');
  const { url, fresh } = await justOpened(pid, before, signal);
  if (!fresh) return remoteSession(url, `process ${pid}`);
  const port = await inspectPortOf(pid);
  const there = aside && port !== 0 ? await moveInspector(url, pid, before) : url;
  const session = await remoteSession(there, `process ${pid}`);
  await requireVersion(session, pid);
  const unwatch = await watchInspector(session, port);
  return { ...session, close: () => closeInspector(session, port, unwatch) };
}

/**
 * Opens a session with the process whose inspector listens at this address. Closing the session leaves the inspector
 * open.
 *
 * @throws Problem LEAK_LAB_NO_INSPECTOR when no inspector answers there
 */
export async function attachAt(
  host: string,
  port: number,
): Promise<{ session: InspectorSession; pid: number }> {
  const url = await inspectorAt(port, host);
  if (!url) {
    throw new Problem(
      'LEAK_LAB_NO_INSPECTOR',
      `no inspector of Node answers at ${host}:${port}. Start the program with --inspect=${host}:${port}, or give its --pid instead of --inspect.`,
    );
  }
  const session = await remoteSession(url, `the process at ${host}:${port}`);
  const { result } = await session.post('Runtime.evaluate', {
    expression: 'process.pid',
    returnByValue: true,
  });
  return { session, pid: Number(result.value) };
}

/** Asks only the ports that an inspector is likely to have: the service itself listens on the others, and would log it. */
async function alreadyOpen(pid: number, ports: number[]): Promise<string | undefined> {
  const given = /--inspect(?:-brk|-wait)?=(?:\S+:)?(\d+)/.exec(await commandLineOf(pid))?.[1];
  const likely = ports.filter((port) => port === DEFAULT_PORT || port === Number(given));
  return firstOf(await Promise.all(likely.map((port) => inspectorAt(port))));
}

/** Waits for the inspector after SIGUSR1. @returns its address, and whether the signal opened it */
async function justOpened(
  pid: number,
  before: number[],
  signal?: AbortSignal,
): Promise<{ url: string; fresh: boolean }> {
  const askAll = Date.now() + OPENS_SOON_WITHIN_MS;
  let deadline = Date.now() + OPENS_WITHIN_MS;
  while (Date.now() < deadline) {
    await requireNode(pid); // it may have ended meanwhile
    const ports = await portsOf(pid);
    const fresh = ports.filter((port) => !before.includes(port));
    // No new port: the inspector was open before, on a port that the command line does not name. Ask all ports now.
    const asked = fresh.length > 0 || Date.now() < askAll ? fresh : ports;
    const url = firstOf(await Promise.all(asked.map((port) => inspectorAt(port))));
    if (url) return { url, fresh: fresh.length > 0 };
    if (Date.now() >= askAll && (await waitForPort(pid, signal))) {
      // Node gave up when the port was taken, and tries again at the next signal.
      process.kill(pid, 'SIGUSR1');
      deadline = Date.now() + OPENS_WITHIN_MS;
    }
    await sleep(20);
  }
  throw (await isStopped(pid)) ? stopped(pid) : notOpened(pid, OPENS_WITHIN_MS);
}

/**
 * Waits while another process has the port that the inspector needs. Node then writes that to its own log and goes on
 * without an inspector. Another diagnosis frees the port when it ends; nothing else does.
 *
 * @returns whether it was taken, and is free now
 * @throws Problem LEAK_LAB_NO_INSPECTOR if it stays taken
 */
async function waitForPort(pid: number, signal?: AbortSignal): Promise<boolean> {
  const port = await inspectPortOf(pid);
  const start = Date.now();
  let other = await otherOn(port, pid);
  if (other === undefined) return false;
  const withinMs = (await isExamined(other, port)) ? EXAMINED_WITHIN_MS : FREED_WITHIN_MS;
  while (other !== undefined) {
    if (Date.now() - start > withinMs) throw portTaken(pid, port, other);
    await sleep(TAKEN_POLL_MS, undefined, { signal });
    await requireNode(pid);
    other = await otherOn(port, pid);
  }
  return true;
}

async function otherOn(port: number, pid: number): Promise<number | undefined> {
  const other = port === 0 ? undefined : await pidOnPort(port);
  return other === pid ? undefined : other;
}

/** Whether a process has its inspector there because of a signal, as one that is diagnosed has. Others are not asked. */
async function isExamined(pid: number, port: number): Promise<boolean> {
  if ((await inspectPortOf(pid)) !== port || /--inspect\b/.test(await commandLineOf(pid))) return false;
  return (await inspectorAt(port)) !== undefined;
}

/** The port on which SIGUSR1 opens the inspector of a process; 0 for a free one. */
async function inspectPortOf(pid: number): Promise<number> {
  const options = (await commandLineOf(pid)).matchAll(
    /--(?:inspect(?:-brk|-wait|-port)?|debug-port)=(?:\S+:)?(\d+)/g,
  );
  const last = [...options].at(-1)?.[1];
  return last === undefined ? DEFAULT_PORT : Number(last);
}

/** @param port where the next SIGUSR1 opens the inspector: as before, if it was moved meanwhile */
async function closeInspector(
  session: InspectorSession,
  port: number,
  unwatch: () => Promise<void>,
): Promise<void> {
  // Node closes the port and every session, this one first, so there is no reply to wait for.
  const expression = `process.debugPort = ${port}; process._debugEnd()`;
  const ended = unwatch().then(() => session.post('Runtime.evaluate', { expression }).catch(() => {}));
  await Promise.race([ended, sleep(CLOSES_WITHIN_MS, undefined, { ref: false })]);
  await session.close();
}

function firstOf<T>(found: (T | undefined)[]): T | undefined {
  return found.find((one) => one !== undefined);
}
