import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Listeners on a long-lived emitter
 *
 * Met: a handler wants to hear of a change while it works, and listens on an emitter that lives as long as the
 * process: a database client, a message bus, `process` itself. Node warns at the eleventh listener
 * (MaxListenersExceededWarning), and the warning is silenced with setMaxListeners(0).
 * Case: GoogleCloudPlatform/nodejs-docs-samples#601, where a sample put one more error listener on the Redis client
 * for each request.
 * Shows: heap, by a listener and all that its closure holds a request; and time, when the event comes and all of
 * them run.
 * Fix: whoever listens stops listening, in a `finally`. It holds because there is no way out of the handler that
 * does not pass there. Where Node's own helpers fit, they do it for you: `once(emitter, event, { signal })`,
 * `addEventListener(event, listener, { signal })`.
 * Cost: two lines; `off` looks through the listeners that are there at the moment.
 */

/** Tells when the prices change: one for the whole process. */
class PriceList extends EventEmitter {}

@Injectable()
export class LeakyListeners extends Specimen {
  private readonly prices = new PriceList().setMaxListeners(0); // the warning was in the way

  async handle(id: string): Promise<Order> {
    let stale = false;
    const order = await findOrder(id);
    const onChange = (): void => {
      stale ||= order.cents > 0;
    };
    this.prices.on('change', onChange); // ← the bug: nobody takes it off
    return stale ? findOrder(id) : order;
  }
}

@Injectable()
export class FixedListeners extends Specimen {
  private readonly prices = new PriceList();

  async handle(id: string): Promise<Order> {
    let stale = false;
    const order = await findOrder(id);
    const onChange = (): void => {
      stale ||= order.cents > 0;
    };
    this.prices.on('change', onChange);
    try {
      return stale ? await findOrder(id) : order;
    } finally {
      this.prices.off('change', onChange);
    }
  }
}

export const listeners: Pair = { leaky: LeakyListeners, fixed: FixedListeners };
