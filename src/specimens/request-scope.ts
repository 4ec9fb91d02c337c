import { Injectable, type OnModuleDestroy, Scope } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Request-scoped provider kept by a singleton
 *
 * Met: a provider with `scope: Scope.REQUEST` signs itself in with a singleton, a registry of who is online, a hub,
 * a metrics collector, and signs out in `onModuleDestroy`. Nest calls that hook for singletons only: it is never
 * called, and each request's provider stays, with all that was injected into it, the request included.
 * Case: nestjs/nest#2809, where lifecycle hooks do not fire for request-scoped instances; nestjs/nest#4521.
 * Shows: heap, by one instance of each request-scoped class a request, in a Set of the singleton.
 * Fix: sign out where the request ends, in `finally`, or on `close` of the response where it may end elsewhere.
 * Cost: a request-scoped provider costs an instance, and one of all that depend on it, a request. Mostly
 * AsyncLocalStorage gives the same for less.
 */

/** Who is being served now: one for the whole service. */
@Injectable()
export class Online {
  readonly visits = new Set<object>();
}

@Injectable({ scope: Scope.REQUEST })
export class LeakyRequestScope extends Specimen implements OnModuleDestroy {
  private order?: Order;

  constructor(private readonly online: Online) {
    super();
    this.online.visits.add(this);
  }

  async handle(id: string): Promise<Order> {
    this.order = await findOrder(id);
    return this.order;
  }

  onModuleDestroy(): void {
    this.online.visits.delete(this); // ← the bug: of a request-scoped provider this is never called
  }
}

@Injectable({ scope: Scope.REQUEST })
export class FixedRequestScope extends Specimen {
  private order?: Order;

  constructor(private readonly online: Online) {
    super();
    this.online.visits.add(this);
  }

  async handle(id: string): Promise<Order> {
    try {
      this.order = await findOrder(id);
      return this.order;
    } finally {
      this.online.visits.delete(this);
    }
  }
}

export const requestScope: Pair = {
  leaky: LeakyRequestScope,
  fixed: FixedRequestScope,
  providers: [Online],
};
