import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Promise.race with a long-lived promise
 *
 * Met: each piece of work is raced against a promise that rejects when the service stops or a connection closes. That
 * promise stays pending for days. Every race adds a reaction to it. Up to Node 24 the reaction retains the race, and
 * the race retains its result, whichever promise settled first.
 * Case: cloudflare/capnweb#168, where all messages of a session stayed in memory until it ended; nodejs/node#17469.
 * Shows: the heap grows by about 300 bytes per race, and up to Node 24 also by the whole result. No container retains
 * them: the reactions are a list inside the promise.
 * Fix: race against a promise that lives only as long as the work, and keep a Set of the functions that reject these
 * promises. The work removes its function when it ends, so the Set contains only work in progress.
 * Cost: some lines of code, once. Where the work takes an AbortSignal, pass one, and do not race.
 */

@Injectable()
export class LeakyPromiseRace extends Specimen {
  private readonly stopped = new Promise<never>((_resolve, reject) => {
    process.once('beforeExit', () => reject(new Error('the service stops')));
  });

  async handle(id: string): Promise<Order> {
    return Promise.race([findOrder(id), this.stopped]); // ← the bug: each race adds a reaction to `stopped`, which stays until `stopped` settles
  }
}

@Injectable()
export class FixedPromiseRace extends Specimen {
  private readonly waiting = new Set<(reason: Error) => void>();

  constructor() {
    super();
    process.once('beforeExit', () => {
      for (const reject of this.waiting) reject(new Error('the service stops'));
    });
  }

  async handle(id: string): Promise<Order> {
    let stop!: (reason: Error) => void;
    const stopped = new Promise<never>((_resolve, reject) => (stop = reject));
    this.waiting.add(stop);
    try {
      return await Promise.race([findOrder(id), stopped]);
    } finally {
      this.waiting.delete(stop);
    }
  }
}

export const promiseRace: Pair = { leaky: LeakyPromiseRace, fixed: FixedPromiseRace };
