import { Session } from 'node:inspector';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker } from './interrupts.js';
import { CAUGHT, CHECKING, expressionToCheck, IDLE, ORDERED } from './stopping.js';

/**
 * The thread that receives Ctrl-C while the main one is in an endless loop. Each client keeps a connection open. Its first
 * line is the client's number. Every further line, and the end of the connection, asks to interrupt.
 */
// Set by `Interrupts`, which starts this thread.
const { path, stop } = workerData as { path: string; stop: Int32Array };

/** How long the main thread may take to confirm an interrupt before this one checks what it runs. */
const SILENT_MS = 200;
/** Then it checks often, because a loop such as `for (;;) await null` is not on the stack at every moment. */
const CHECK_EVERY_MS = 10;
/** Running code answers a check at once. A collection or a snapshot does not, and is not interrupted. */
const ANSWERS_WITHIN_MS = 1_000;

const report = (message: FromWorker): void => parentPort?.postMessage(message, []);
const timers = new Map<number, NodeJS.Timeout>();
let isChecking = false;

function interrupt(client: number): void {
  report({ asked: client });
  checkIn(SILENT_MS, client);
}

function checkIn(delayMs: number, client: number): void {
  clearTimeout(timers.get(client));
  const timer = setTimeout(() => {
    if (!isChecking) check(client);
    checkIn(CHECK_EVERY_MS, client);
  }, delayMs);
  timers.set(client, timer);
}

/** Terminates the main thread's JavaScript if it is code of this client. */
function check(client: number): void {
  isChecking = true;
  // Closed right after: while a session is open, Node retains what the service logs.
  const session = new Session();
  session.connectToMainThread();
  const end = (): void => {
    session.disconnect();
    isChecking = false;
  };
  let isOrdered = false;
  Atomics.store(stop, 0, CHECKING);
  session.post('Runtime.evaluate', { expression: expressionToCheck(client) }, () => isOrdered || end());
  Atomics.wait(stop, 0, CHECKING, ANSWERS_WITHIN_MS);
  if (Atomics.compareExchange(stop, 0, CHECKING, IDLE) !== CAUGHT) return;
  isOrdered = true;
  session.post('Runtime.terminateExecution', end);
  Atomics.store(stop, 0, ORDERED);
  Atomics.notify(stop, 0);
}

function accept(socket: Socket): void {
  let client = Number.NaN;
  // The socket may split or join lines.
  createInterface(socket).on('line', (line) => {
    if (Number.isNaN(client)) client = Number(line);
    else interrupt(client);
  });
  socket.on('error', () => {}); // it closes after an error, and that is handled below
  socket.once('close', () => {
    if (!Number.isNaN(client)) interrupt(client);
  });
}

parentPort?.on('message', (confirmed: number) => {
  clearTimeout(timers.get(confirmed));
  timers.delete(confirmed);
});
createServer(accept).listen(path, () => report({ listening: true }));
