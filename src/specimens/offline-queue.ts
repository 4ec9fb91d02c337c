import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Queue without back-pressure
 *
 * Met: a client queues what it cannot send yet: commands while Redis is away, events while the broker is slow, log
 * lines while the disk is. Requests are answered meanwhile, so that nobody slows down, and an outage of a minute
 * costs as much memory as a minute of traffic makes. It looks like a leak, and ends like one.
 * Case: redis/node-redis#1039, where the offline queue took all memory while Redis was away.
 * Shows: heap, by one entry a request, from the moment that the other side stops. In quiet times nothing.
 * Fix: a bound, and a decision what gives way at it: the oldest (telemetry), the newest (an error to the caller,
 * 503), or the caller's time (await the queue). It holds because the decision is made where entries are added.
 * Cost: something is lost in an outage, and has to be counted, as here.
 */

const MAX_EVENTS = 100;

@Injectable()
export class LeakyOfflineQueue extends Specimen {
  private readonly events: Order[] = [];
  private readonly isOnline: boolean = false;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.events.push(order); // ← the bug: it waits for a broker that is away, however many wait already
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
