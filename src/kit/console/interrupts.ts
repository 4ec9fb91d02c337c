import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { prepareToStop } from './async-stack.js';

/** What both threads see: what the console does to the service's thread, for which client, and how many lines wait. */
export const [PHASE, CLIENT, UNDER_WAY] = [0, 1, 2];
export const [IDLE, RUNNING, STOPPING] = [0, 1, 2];

export type FromWorker = { listening: true } | { asked: number } | { stopped: number };

/** A thread that was asked to stop is stopped in a millisecond; this is for one that never will be. */
const STOPS_WITHIN_MS = 2_000;

/**
 * Runs the lines of all clients, one at a time, so that each can be interrupted whatever it does.
 *
 * A line runs in a callback of its own, the delivery of a message: termination unwinds everything up to the event
 * loop, `finally` included, and nothing of the service is on that stack. It waits, at its end, for a stop that is
 * under way: one that came late would hit the service's next callback.
 */
export class Interrupts {
  private readonly flags = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  private readonly turns = new MessageChannel();
  private readonly waiting: { client: number; line: () => void }[] = [];
  private worker: Promise<Worker> | undefined;
  private resting: Promise<void> | undefined;

  /** @param interrupted called when a client asks to interrupt; its line has stopped if it was running. */
  constructor(
    private readonly path: string,
    private readonly interrupted: (client: number) => void,
  ) {
    this.turns.port2.on('message', () => this.turn());
    this.turns.port2.unref();
  }

  /** Hears clients from now on. The thread is there only while they are. */
  listen(): Promise<Worker> {
    return (this.worker ??= this.start());
  }

  rest(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    if (worker) this.resting = this.end(worker);
    return this.resting ?? Promise.resolve();
  }

  private async end(worker: Promise<Worker>): Promise<void> {
    await worker.then((thread) => thread.terminate()).catch(() => {}); // what did not start need not end
    await rm(this.path, { force: true });
  }

  async close(): Promise<void> {
    await this.rest();
    this.turns.port1.close();
  }

  run(client: number, line: () => void): void {
    this.waiting.push({ client, line });
    this.turns.port1.postMessage(null);
  }

  /** A line counts as under way until what it awaits has settled. */
  underWay(change: 1 | -1): void {
    Atomics.add(this.flags, UNDER_WAY, change);
  }

  private turn(): void {
    const { client, line } = this.waiting.shift()!;
    Atomics.store(this.flags, CLIENT, client);
    Atomics.store(this.flags, PHASE, RUNNING);
    try {
      line();
    } finally {
      if (Atomics.compareExchange(this.flags, PHASE, RUNNING, IDLE) === STOPPING) awaitTheStop();
    }
  }

  private async start(): Promise<Worker> {
    await this.resting;
    const worker = new Worker(new URL('interrupts.worker.js', import.meta.url), {
      workerData: { path: this.path, flags: this.flags, prepare: prepareToStop() },
      // What the service was started with is not meant for this thread.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    await once(worker, 'message');
    if (process.platform !== 'win32') await chmod(this.path, 0o600);
    worker.on('message', (message: FromWorker) => {
      if ('listening' in message) return;
      const client = 'asked' in message ? message.asked : message.stopped;
      if ('asked' in message) worker.postMessage(client, []);
      else Atomics.store(this.flags, PHASE, IDLE);
      this.interrupted(client);
    });
    return worker;
  }
}

function awaitTheStop(): void {
  const until = performance.now() + STOPS_WITHIN_MS;
  while (performance.now() < until);
}
