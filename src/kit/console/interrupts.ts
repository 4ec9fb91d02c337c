import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { allowStopping } from './stopping.js';

/** Messages of the worker: it listens, or a client asks to interrupt. The main thread sends the client's number back. */
export type FromWorker = { listening: true } | { asked: number };

/**
 * Runs the lines of all clients, one at a time, and receives their requests to interrupt in another thread, because the
 * main one may be in an endless loop.
 *
 * Each line runs in the callback of a message. Terminating it unwinds the stack up to the event loop, past every
 * `finally`, and no frame of the service is on that stack.
 */
export class Interrupts {
  private readonly turns = new MessageChannel();
  private readonly waiting: (() => void)[] = [];
  private worker: Promise<Worker> | undefined;
  private resting: Promise<void> | undefined;

  /** @param interrupted called when a client asks to interrupt; an endless loop of its line has been stopped by then */
  constructor(
    private readonly path: string,
    private readonly interrupted: (client: number) => void,
  ) {
    this.turns.port2.on('message', () => this.waiting.shift()?.());
    this.turns.port2.unref();
  }

  /** Starts the thread. It exists only while there are clients. */
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
    await worker.then((thread) => thread.terminate()).catch(() => {}); // a worker that did not start needs no end
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
      workerData: { path: this.path, stop: allowStopping() },
      // Without the flags that the service was started with.
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
