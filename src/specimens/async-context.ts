import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * AsyncLocalStorage context pinned by a long-lived resource
 *
 * Met: the context of a request (its user, its transaction, its entity manager) travels in AsyncLocalStorage. A
 * timer, a socket or a pending promise that is born in the request carries the context with it for as long as it
 * lives, whether its callback asks for the context or not. In the code there is no reference to see.
 * Case: nestjs/throttler#2629, where a timer a hit kept each request's entity manager for the whole ttl, gigabytes
 * of them.
 * Shows: heap, by the whole context of a request; the path to it goes through a timer that closes over nothing.
 * Fix: no long-lived resource is born in a request. Here the hits are counted in places of a ring that one timer,
 * started with the service, moves on. Where something has to start inside, start it outside of the context
 * (`storage.exit`, `AsyncResource.bind`, a queue that somebody else reads).
 * Cost: a hit is forgotten to the minute, not to the millisecond.
 */

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** What is known of the request, anywhere below it. */
const context = new AsyncLocalStorage<Order>();

@Injectable()
export class LeakyAsyncContext extends Specimen {
  private hitsOfTheHour = 0;

  async handle(id: string): Promise<Order> {
    return context.run(await findOrder(id), async () => {
      this.hit();
      return context.getStore()!;
    });
  }

  private hit(): void {
    this.hitsOfTheHour += 1;
    setTimeout(() => (this.hitsOfTheHour -= 1), MINUTES * MINUTE_MS).unref(); // ← the bug: the timer was born in the request, and keeps its context for an hour
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
      return context.getStore()!;
    });
  }

  private hit(): void {
    this.hitsOfMinutes[0]! += 1;
  }
}

export const asyncContext: Pair = { leaky: LeakyAsyncContext, fixed: FixedAsyncContext };
