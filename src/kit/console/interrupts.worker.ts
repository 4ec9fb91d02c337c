import { Session } from 'node:inspector';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker } from './interrupts.js';
import { CAUGHT, expressionToLook, LOOKING, NOTHING, ORDERED } from './stopping.js';

/**
 * The thread that hears Ctrl-C while the service's own is in an endless loop. Each client keeps a connection here:
 * its first line is the client's number, what follows asks to interrupt, and so does its end.
 */
const { path, stop } = workerData as { path: string; stop: Int32Array };

/** How long the service's thread may be silent before this one looks at what it does. */
const SILENT_MS = 200;
/** Then it looks often: between two turns of `for (;;) await null` there is nothing to see, and mostly it is there. */
const LOOK_EVERY_MS = 10;
/** Code is there to be looked at in a moment; a collection or a snapshot goes on for longer. */
const SHOWS_WITHIN_MS = 1_000;

const tell = (message: FromWorker): void => parentPort!.postMessage(message, []);
const unheard = new Map<number, NodeJS.Timeout>();
let isLooking = false;

function interrupt(client: number): void {
  tell({ asked: client });
  lookIn(SILENT_MS, client);
}

function lookIn(delayMs: number, client: number): void {
  clearTimeout(unheard.get(client));
  const timer = setTimeout(() => {
    if (!isLooking) look(client);
    lookIn(LOOK_EVERY_MS, client);
  }, delayMs);
  unheard.set(client, timer);
}

/** Stops what this client's code does, if that is what the service's thread is at. */
function look(client: number): void {
  isLooking = true;
  // For the moment: while a session is open, Node keeps what the service logs.
  const session = new Session();
  session.connectToMainThread();
  const end = (): void => {
    session.disconnect();
    isLooking = false;
  };
  let isOrdered = false;
  Atomics.store(stop, 0, LOOKING);
  session.post('Runtime.evaluate', { expression: expressionToLook(client) }, () => isOrdered || end());
  Atomics.wait(stop, 0, LOOKING, SHOWS_WITHIN_MS);
  if (Atomics.compareExchange(stop, 0, LOOKING, NOTHING) !== CAUGHT) return;
  isOrdered = true;
  session.post('Runtime.terminateExecution', end);
  Atomics.store(stop, 0, ORDERED);
  Atomics.notify(stop, 0);
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
