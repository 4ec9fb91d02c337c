import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * AsyncLocalStorage context retained by a long-lived resource
 *
 * Met: AsyncLocalStorage carries the context of a request (its user, its transaction, its entity manager). A timer, a
 * socket or a pending promise that is created during the request retains that context as long as it lives, whether or
 * not its callback reads it. The code shows no reference.
 * Case: nestjs/throttler#2629, where one timer per hit retained the entity manager of each request for the whole ttl,
 * gigabytes in total.
 * Shows: the heap grows by the whole context of each request. The retaining path leads through a timer whose callback
 * does not use it.
 * Fix: create no long-lived resource during a request. Here the hits are counted per minute in a ring, which one timer
 * advances; it starts with the service. Where something has to start during a request, start it outside of the context
 * (`storage.exit`, `AsyncResource.bind`, or a queue that other code reads).
 * Cost: a hit expires to the minute, not to the millisecond.
 */

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** The order of the current request, for all code that the request runs. */
const context = new AsyncLocalStorage<Order>();

function currentOrder(): Order {
  const order = context.getStore();
  if (!order) throw new Error('this code runs outside of a request');
  return order;
}

@Injectable()
export class LeakyAsyncContext extends Specimen {
  private hitsOfTheHour = 0;

  async handle(id: string): Promise<Order> {
    return context.run(await findOrder(id), async () => {
      this.hit();
      return currentOrder();
    });
  }

  private hit(): void {
    this.hitsOfTheHour += 1;
    setTimeout(() => (this.hitsOfTheHour -= 1), MINUTES * MINUTE_MS).unref(); // ← the bug: the timer is created inside the request's context and retains it for an hour
  }
}

@Injectable()
export class FixedAsyncContext extends Specimen {
  private readonly hitsOfMinutes: number[] = Array.from({ length: MINUTES }, () => 0);

  constructor() {
    super();
    setInterval(() => {
      this.hitsOfMinutes.pop();
      this.hitsOfMinutes.unshift(0);
    }, MINUTE_MS).unref();
  }

  async handle(id: string): Promise<Order> {
    return context.run(await findOrder(id), async () => {
      this.hit();
      return currentOrder();
    });
  }

  private hit(): void {
    this.hitsOfMinutes[0] = (this.hitsOfMinutes[0] ?? 0) + 1;
  }
}

export const asyncContext: Pair = { leaky: LeakyAsyncContext, fixed: FixedAsyncContext };
