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
 * Fix: listen to both signals, and take the listener off both in `finally`. It does without AbortSignal.any, which
 * on Node 20 and 22 keeps something in the signal that lives long for each combination, whatever its user does.
 * Where something wants one signal, give it that of a controller of the request's own, and forward the other's abort
 * by a listener that is taken off in the same way.
 * Cost: a loop to listen, and one to stop.
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
