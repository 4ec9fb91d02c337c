import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Listeners on a long-lived AbortSignal, and AbortSignal.any
 *
 * Met: work stops when the client goes away or the service shuts down, so that the two signals are combined with
 * AbortSignal.any and listened to. The signal of the shutdown lives as long as the process. Node lets a combined
 * signal go that nobody uses, but keeps one that has a listener until one of its sources aborts.
 * Case: jacobheun/any-signal#23, where each load left a listener on the signal of the shutdown; nodejs/node#54614
 * on AbortSignal.any itself.
 * Shows: heap, by 1.3 kB for a combined signal and its listener, and all that the listener closes over.
 * Fix: take the listener off when the work is done, in `finally`. Listen directly where one signal will do, and
 * hand `{ signal }` to what accepts it: whoever accepts a signal has to remove his listener himself.
 * Cost: two lines.
 */

@Injectable()
export class LeakyAbortSignals extends Specimen {
  private readonly shutdown = new AbortController();

  async handle(id: string): Promise<Order> {
    const client = new AbortController();
    const signal = AbortSignal.any([this.shutdown.signal, client.signal]);
    const order = await findOrder(id);
    const stop = (): void => console.warn(`gave up on ${order.id}`);
    signal.addEventListener('abort', stop, { once: true }); // ← the bug: `once` takes off what was called, and that is never called
    return order;
  }
}

@Injectable()
export class FixedAbortSignals extends Specimen {
  private readonly shutdown = new AbortController();

  async handle(id: string): Promise<Order> {
    const client = new AbortController();
    const signal = AbortSignal.any([this.shutdown.signal, client.signal]);
    const order = await findOrder(id);
    const stop = (): void => console.warn(`gave up on ${order.id}`);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return order;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

export const abortSignals: Pair = { leaky: LeakyAbortSignals, fixed: FixedAbortSignals };
