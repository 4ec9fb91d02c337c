import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Timers per request
 *
 * Met: a handler starts an interval, to poll, to renew a lease or to send a heartbeat, and ends without clearing it,
 * on one path or on all of them. Node retains an active timer, the timer its callback, and the callback what it closes
 * over. `unref()` lets the process end, but does not release the timer.
 * Case: yjs/y-websocket#30, where pings went on for connections that had failed, each with its document and request.
 * Shows: the heap grows by a timer and its closure per request. The CPU load grows as well, because every interval
 * still runs.
 * Fix: call `clearInterval` in a `finally`, next to the line that starts the interval.
 * Cost: none.
 */

const RENEW_MS = 60_000;

@Injectable()
export class LeakyTimers extends Specimen {
  private renewals = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    setInterval(() => this.renew(order), RENEW_MS); // ← the bug: the interval is never cleared, and its callback retains the order
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
