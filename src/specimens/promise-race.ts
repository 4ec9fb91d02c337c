import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Promise.race with a long-lived promise
 *
 * Met: each piece of work is raced against a promise that says "the service stops" or "the connection is gone".
 * That promise stays pending for days. Every race leaves a reaction on it, for the event that it settles; up to
 * Node 24 the reaction holds the race, and the race its result, whoever won.
 * Case: cloudflare/capnweb#168, where all messages of a session stayed until it ended; nodejs/node#17469.
 * Shows: heap, by some 300 bytes a race, and up to Node 24 by all of its result. No container has it: the list
 * hangs in the promise.
 * Fix: race against a promise that is as short-lived as the work, and keep a list of those to reject which the work
 * leaves at its end. It holds because the long-lived end knows only who waits now.
 * Cost: some lines, once. Where the work takes an AbortSignal, hand it one, and there is nothing to race.
 */

@Injectable()
export class LeakyPromiseRace extends Specimen {
  private readonly stopped = new Promise<never>((_resolve, reject) => {
    process.once('beforeExit', () => reject(new Error('the service stops')));
  });

  async handle(id: string): Promise<Order> {
    return Promise.race([findOrder(id), this.stopped]); // ← the bug: each race stays on the list of `stopped`
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
