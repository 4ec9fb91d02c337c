import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { BehaviorSubject, finalize, type Observable, tap } from 'rxjs';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * RxJS subscription in an interceptor
 *
 * Met: an interceptor follows a value while a request is under way, such as a feature flag, a rate or a setting, and
 * subscribes to a Subject that lives as long as the service. When the request is answered, its own observable
 * completes; the subscription to the Subject does not.
 * Case: SAP/spartacus-docs#1118, a guideline that was written after subscriptions had outlived their request when an
 * Angular shop was rendered on the server.
 * Shows: the heap grows by one subscriber per request, and by everything that its callback closes over. Each value
 * that is sent takes longer, because every subscriber receives it.
 * Fix: end the subscription with the request, in `finalize`, which runs on completion, on errors and when the client
 * disconnects. Operators that subscribe by themselves (`withLatestFrom`, `takeUntil`) also unsubscribe by themselves.
 * Cost: none.
 */

/** The current exchange rate and its subscribers. */
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
    this.rates.subscribe((rate) => (seen.rate = rate)); // ← the bug: no code ends this subscription
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
