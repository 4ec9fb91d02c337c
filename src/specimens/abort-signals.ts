import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Listeners on a long-lived AbortSignal, and AbortSignal.any
 *
 * Met: work must stop when the client disconnects or the service shuts down. The code combines both signals with
 * AbortSignal.any and adds an abort listener to the result. The shutdown signal lives as long as the process. Node
 * releases a combined signal that is not used, but retains one with a listener until one of its sources aborts.
 * Case: jacobheun/any-signal#23, where each load left a listener on the shutdown signal; nodejs/node#54614 is about
 * AbortSignal.any itself.
 * Shows: the heap grows by 1.3 kB per request for the combined signal and its listener, and by everything that the
 * listener closes over.
 * Fix: add the listener to both signals, and remove it from both in `finally`. This avoids AbortSignal.any, which on
 * Node 20 and 22 leaves something on the long-lived signal for each combination, whatever the caller does. Where an
 * API takes only one signal, pass the signal of a controller that belongs to the request, and forward the abort of
 * each source with a listener that is removed in the same way.
 * Cost: one loop to add the listeners, and one to remove them.
 */

@Injectable()
export class LeakyAbortSignals extends Specimen {
  private readonly shutdown = new AbortController();

  async handle(id: string): Promise<Order> {
    const client = new AbortController();
    const signal = AbortSignal.any([this.shutdown.signal, client.signal]);
    const order = await findOrder(id);
    const stop = (): void => console.warn(`gave up on ${order.id}`);
    signal.addEventListener('abort', stop, { once: true }); // ← the bug: `once` removes a listener after it is called, and this one is never called
    return order;
  }
}

@Injectable()
export class FixedAbortSignals extends Specimen {
  private readonly shutdown = new AbortController();

  async handle(id: string): Promise<Order> {
    const client = new AbortController();
    const signals = [this.shutdown.signal, client.signal];
    const order = await findOrder(id);
    const stop = (): void => console.warn(`gave up on ${order.id}`);
    for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
    try {
      return order;
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    }
  }
}

export const abortSignals: Pair = { leaky: LeakyAbortSignals, fixed: FixedAbortSignals };
