import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Queue without back-pressure
 *
 * Met: a client queues what it cannot send yet: commands while Redis is unreachable, events while the broker is slow,
 * log lines while the disk is slow. The requests are answered meanwhile, so no caller slows down, and an outage of a
 * minute takes as much memory as a minute of traffic creates. On a memory chart it looks like a leak, and it can end
 * the process like one.
 * Case: redis/node-redis#1039, where the offline queue took all memory while Redis was unreachable.
 * Shows: the heap grows by one entry per request from the moment that the other side stops. At other times it is flat.
 * Fix: set a bound, and decide what to give up when it is reached: the oldest entry (telemetry), the newest (an error
 * to the caller, 503), or the time of the caller (await the queue). The bound holds because it is checked where
 * entries are added.
 * Cost: entries are lost during an outage. They have to be counted, as here.
 */

const MAX_EVENTS = 100;

@Injectable()
export class LeakyOfflineQueue extends Specimen {
  private readonly events: Order[] = [];
  private readonly isOnline: boolean = false;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.events.push(order); // ← the bug: while the broker is unreachable, the queue grows without a limit
    if (this.isOnline) this.flush();
    return order;
  }

  private flush(): void {
    this.events.length = 0;
  }
}

@Injectable()
export class FixedOfflineQueue extends Specimen {
  private readonly events: Order[] = [];
  private readonly isOnline: boolean = false;
  private dropped = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (this.events.length >= MAX_EVENTS) {
      this.events.shift();
      this.dropped += 1;
    }
    this.events.push(order);
    if (this.isOnline) this.flush();
    return order;
  }

  private flush(): void {
    this.events.length = 0;
  }
}

export const offlineQueue: Pair = { leaky: LeakyOfflineQueue, fixed: FixedOfflineQueue };
