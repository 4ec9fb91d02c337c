import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { offerToStop } from './stopping.js';

/** Between the two threads: a client asks to interrupt, and the service's thread has heard it. */
export type FromWorker = { listening: true } | { asked: number };

/**
 * Runs the lines of all clients, one at a time, and hears those who ask to interrupt: by another thread, as the
 * service's own may be in an endless loop.
 *
 * A line runs in a callback of its own, the delivery of a message: stopping it unwinds everything up to the event
 * loop, `finally` included, and nothing of the service is on that stack.
 */
export class Interrupts {
  private readonly turns = new MessageChannel();
  private readonly waiting: (() => void)[] = [];
  private worker: Promise<Worker> | undefined;
  private resting: Promise<void> | undefined;

  /** @param interrupted called when a client asks to interrupt; its loop, if it was in one, has stopped. */
  constructor(
    private readonly path: string,
    private readonly interrupted: (client: number) => void,
  ) {
    this.turns.port2.on('message', () => this.waiting.shift()!());
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

  run(line: () => void): void {
    this.waiting.push(line);
    this.turns.port1.postMessage(null);
  }

  private async start(): Promise<Worker> {
    await this.resting;
    const worker = new Worker(new URL('interrupts.worker.js', import.meta.url), {
      workerData: { path: this.path, stop: offerToStop() },
      // What the service was started with is not meant for this thread.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    await once(worker, 'message');
    if (process.platform !== 'win32') await chmod(this.path, 0o600);
    worker.on('message', (message: FromWorker) => {
      if ('listening' in message) return;
      worker.postMessage(message.asked, []);
      this.interrupted(message.asked);
    });
    return worker;
  }
}
