import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Worker thread that nobody terminates
 *
 * Met: a job of some milliseconds is moved to a worker, and the worker listens for messages, so it waits for the next
 * job after its result. A pool that replaces workers after a timeout or while it is idle forgets the old ones in the
 * same way.
 * Case: diegosouzapw/OmniRoute#12813, where a pool dropped its idle workers without terminating them: each quiet
 * period left a pool of threads.
 * Shows: the number of threads, and the resident set by some megabytes per worker: its own heap, its stack and its
 * arena of malloc. The heap of the main thread has a few kilobytes of it.
 * Fix: `await worker.terminate()` in a `finally`, or start a fixed number of workers and give them the jobs in turn.
 * Cost: to start a worker takes tens of milliseconds, so a pool is better for jobs that come often.
 */

const ONE_IN = 400;
const SCORE = `const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', (text) => parentPort.postMessage(text.length));
parentPort.postMessage(workerData.length);`;

@Injectable()
export class LeakyWorkerThreads extends Specimen implements OnModuleDestroy {
  private readonly workers = new Set<Worker>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const worker = new Worker(SCORE, { eval: true, workerData: order.note });
    this.workers.add(worker); // ← the bug: the worker waits for further messages, and is terminated only when the service stops
    await once(worker, 'message');
    return order;
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }
}

@Injectable()
export class FixedWorkerThreads extends Specimen implements OnModuleDestroy {
  private readonly workers = new Set<Worker>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const worker = new Worker(SCORE, { eval: true, workerData: order.note });
    this.workers.add(worker);
    try {
      await once(worker, 'message');
      return order;
    } finally {
      await worker.terminate();
      this.workers.delete(worker);
    }
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }
}

export const workerThreads: Pair = { leaky: LeakyWorkerThreads, fixed: FixedWorkerThreads };
