import { Session } from 'node:inspector';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import { CLIENT, PHASE, RUNNING, STOPPING, UNDER_WAY, type FromWorker } from './interrupts.js';

/**
 * The thread that hears Ctrl-C while the service's own is in an endless loop. Each client keeps a connection here:
 * its first line is the client's number, what follows asks to interrupt, and so does its end.
 */
const { path, flags, prepare } = workerData as { path: string; flags: Int32Array; prepare: string };

/** How long the service's thread may be silent before it counts as caught in a loop of promises. */
const CAUGHT_MS = 1_000;

const tell = (message: FromWorker): void => parentPort!.postMessage(message, []);
const unheard = new Map<number, NodeJS.Timeout>();

function interrupt(client: number): void {
  if (Atomics.load(flags, CLIENT) === client && stop()) return;
  tell({ asked: client });
  clearTimeout(unheard.get(client));
  const timer = setTimeout(() => {
    unheard.delete(client);
    // `for (;;) await null` runs none of our code, and lets nothing else run.
    if (Atomics.load(flags, UNDER_WAY) > 0) terminate(() => {});
  }, CAUGHT_MS);
  unheard.set(client, timer);
}

/** Ends what the console evaluates, and nothing else: it cannot end by itself once the phase is STOPPING. */
function stop(): boolean {
  if (Atomics.compareExchange(flags, PHASE, RUNNING, STOPPING) !== RUNNING) return false;
  terminate(() => tell({ stopped: Atomics.load(flags, CLIENT) }));
  return true;
}

/** A session for the moment: an open one would make the service keep what it logs. */
function terminate(then: () => void): void {
  const session = new Session();
  session.connectToMainThread();
  if (prepare) session.post('Runtime.evaluate', { expression: prepare });
  session.post('Runtime.terminateExecution', () => {
    session.disconnect();
    then();
  });
}

function attend(socket: Socket): void {
  let client = Number.NaN;
  // One message may come in two pieces, and two in one.
  createInterface(socket).on('line', (line) => {
    if (Number.isNaN(client)) client = Number(line);
    else interrupt(client);
  });
  socket.on('error', () => {}); // it closes, and that is what counts
  socket.once('close', () => {
    if (!Number.isNaN(client)) interrupt(client);
  });
}

parentPort!.on('message', (heard: number) => {
  clearTimeout(unheard.get(heard));
  unheard.delete(heard);
});
createServer(attend).listen(path, () => tell({ listening: true }));
