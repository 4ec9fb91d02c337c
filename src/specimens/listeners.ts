import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Listeners on a long-lived emitter
 *
 * Met: a handler has to know of changes while it works, so it adds a listener to an emitter that lives as long as the
 * process: a database client, a message bus, `process` itself. Node warns at the eleventh listener
 * (MaxListenersExceededWarning), and the warning is silenced with setMaxListeners(0).
 * Case: GoogleCloudPlatform/nodejs-docs-samples#601, where a sample added one more error listener to the Redis client
 * for each request.
 * Shows: the heap grows by one listener per request, and by everything that the listener closes over. Each event takes
 * longer, because it calls all of them.
 * Fix: remove the listener in a `finally`, which runs however the handler ends. Node has helpers that remove it for
 * you, where they fit: `once(emitter, event, { signal })` for emitters, and `addEventListener(event, listener, {
 * signal })` for event targets.
 * Cost: two lines. `off` searches the listeners that are registered at that moment.
 */

/** Emits `change` when prices change. There is one for the whole process. */
class PriceList extends EventEmitter {}

@Injectable()
export class LeakyListeners extends Specimen {
  private readonly prices = new PriceList().setMaxListeners(0); // silences MaxListenersExceededWarning

  async handle(id: string): Promise<Order> {
    let stale = false;
    const order = await findOrder(id);
    const onChange = (): void => {
      stale ||= order.cents > 0;
    };
    this.prices.on('change', onChange); // ← the bug: no code removes this listener
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
