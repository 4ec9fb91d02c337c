import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { inspectorAt } from './inspector-address.js';
import { portsOf } from './listeners.js';
import { requireNode } from './node-process.js';
import { remoteSession } from './remote-session.js';

const OPENS_WITHIN_MS = 10_000;

/** How long to wait for the inspector to close. A process that is exiting never answers. */
const CLOSES_WITHIN_MS = 1_000;
/** Between the two, the thread of the old inspector ends. */
const REOPENS_AFTER_MS = 100;

/**
 * Evaluated in the target, and closes the inspector before it returns: Node 20 crashes in one of ten cases when an
 * inspector is closed while a session of it is closing. If no other port can be opened, the old one is opened again; no
 * exception reaches the program.
 */
function reopenElsewhere(inspector: typeof import('node:inspector'), afterMs: number): void {
  const port = Number(new URL(inspector.url() ?? '').port);
  setTimeout(() => {
    for (const wanted of [0, port]) {
      try {
        inspector.open(wanted, '127.0.0.1');
        return;
      } catch {
        // the next one
      }
    }
  }, afterMs);
  (process as unknown as { _debugEnd(): void })._debugEnd();
}

/**
 * Moves the inspector of a process to a free port, so that the next process can open its own: all of them open it on the
 * same port.
 *
 * @param before the ports of the process that are not its inspector's: they are not asked
 * @returns its new address
 * @throws Problem LEAK_LAB_NO_INSPECTOR when it does not open on another port
 */
export async function moveInspector(url: string, pid: number, before: readonly number[]): Promise<string> {
  const session = await remoteSession(url, `process ${pid}`);
  const module = `process.getBuiltinModule?.('inspector') ?? require('inspector')`;
  // It closes this session, too, so there is no reply to wait for.
  const ended = session
    .post('Runtime.evaluate', {
      expression: `(${reopenElsewhere.toString()})(${module}, ${REOPENS_AFTER_MS})`,
      includeCommandLineAPI: true,
    })
    .catch(() => {});
  await Promise.race([ended, sleep(CLOSES_WITHIN_MS, undefined, { ref: false })]);
  await session.close();
  const others = new Set([...before, Number(new URL(url).port)]);
  const deadline = Date.now() + OPENS_WITHIN_MS;
  while (Date.now() < deadline) {
    const fresh = (await portsOf(pid)).filter((port) => !others.has(port));
    const found = await Promise.all(fresh.map((port) => inspectorAt(port)));
    const there = found.find((one) => one !== undefined);
    if (there) return there;
    await requireNode(pid); // it may have ended meanwhile
    await sleep(20);
  }
  throw new Problem(
    'LEAK_LAB_NO_INSPECTOR',
    `process ${pid} did not open its inspector on another port within ${OPENS_WITHIN_MS / 1000} s: its event loop is blocked, or another program ended its inspector. Run the command again.`,
  );
}
