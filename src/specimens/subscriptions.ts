import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { BehaviorSubject, finalize, type Observable, tap } from 'rxjs';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * RxJS subscription in an interceptor
 *
 * Met: an interceptor follows something while a request is under way, a feature flag, a rate, a setting that may
 * change, and subscribes to a Subject that lives as long as the service. When the request is answered, its own
 * observable completes; the subscription to the other one does not.
 * Case: SAP/spartacus-docs#1118, the guideline that came of subscriptions that outlived their request when an
 * Angular shop was rendered on the server.
 * Shows: heap, by a subscriber and what its callback closes over a request; and time, at each value that is sent.
 * Fix: end the subscription with the request, in `finalize`, which runs on completion, on errors and when the
 * client goes away. Operators that subscribe by themselves (`withLatestFrom`, `takeUntil`) end theirs by themselves.
 * Cost: none.
 */

/** The rate of the day, and whoever wants to know of the next one. */
@Injectable()
export class Rates extends BehaviorSubject<number> {
  constructor() {
    super(1);
  }
}

@Injectable()
export class LeakySubscription implements NestInterceptor {
  constructor(private readonly rates: Rates) {}

  intercept(_context: ExecutionContext, next: CallHandler<Order>): Observable<Order> {
    const seen: { order?: Order; rate?: number } = {};
    this.rates.subscribe((rate) => (seen.rate = rate)); // ← the bug: nobody unsubscribes
    return next.handle().pipe(tap((order) => (seen.order = order)));
  }
}

@Injectable()
export class FixedSubscription implements NestInterceptor {
  constructor(private readonly rates: Rates) {}

  intercept(_context: ExecutionContext, next: CallHandler<Order>): Observable<Order> {
    const seen: { order?: Order; rate?: number } = {};
    const subscription = this.rates.subscribe((rate) => (seen.rate = rate));
    return next.handle().pipe(
      tap((order) => (seen.order = order)),
      finalize(() => subscription.unsubscribe()),
    );
  }
}

@Injectable()
export class Orders extends Specimen {
  handle(id: string): Promise<Order> {
    return findOrder(id);
  }
}

export const subscriptions: Pair = {
  leaky: Orders,
  fixed: Orders,
  interceptors: { leaky: LeakySubscription, fixed: FixedSubscription },
  providers: [Rates],
};
