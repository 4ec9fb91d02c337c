import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Timers per request
 *
 * Met: a handler starts an interval, to poll, to renew a lease, to send a heartbeat, and ends without clearing it:
 * on the way out that nobody tried, or on all of them. Node holds a timer that will fire, the timer holds its
 * callback, and the callback what it closes over. `unref()` lets the process end; it does not let the timer go.
 * Case: yjs/y-websocket#30, where pings went on for connections that had failed, each with its document and request.
 * Shows: heap, by a timer and its closure a request; then the processor, which runs all of them.
 * Fix: `clearInterval` in a `finally`, beside the line that starts it.
 * Cost: none.
 */

const RENEW_MS = 60_000;

@Injectable()
export class LeakyTimers extends Specimen {
  private renewals = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    setInterval(() => this.renew(order), RENEW_MS); // ← the bug: it renews an order that was answered long ago
    return order;
  }

  private renew(order: Order): void {
    if (order.cents > 0) this.renewals += 1;
  }
}

@Injectable()
export class FixedTimers extends Specimen {
  private renewals = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    const lease = setInterval(() => this.renew(order), RENEW_MS);
    try {
      return order;
    } finally {
      clearInterval(lease);
    }
  }

  private renew(order: Order): void {
    if (order.cents > 0) this.renewals += 1;
  }
}

export const timers: Pair = { leaky: LeakyTimers, fixed: FixedTimers };
