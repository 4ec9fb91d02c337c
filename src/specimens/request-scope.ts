import { Injectable, type OnModuleDestroy, Scope } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Request-scoped provider retained by a singleton
 *
 * Met: a provider with `scope: Scope.REQUEST` registers itself with a singleton, such as a list of users online, a hub
 * or a metrics collector, and removes itself in `onModuleDestroy`. Nest calls that hook for singletons only. The
 * provider of each request stays registered, with everything that was injected into it, the request included.
 * Case: nestjs/nest#2809, where lifecycle hooks do not run for request-scoped instances; nestjs/nest#4521.
 * Shows: the heap grows by one instance per request of each request-scoped class, in a Set of the singleton.
 * Fix: remove the provider where the request ends: in `finally`, or on the `close` event of the response where it may
 * end elsewhere.
 * Cost: a request-scoped provider costs one instance per request, and one of every provider that depends on it.
 * AsyncLocalStorage usually gives the same for less.
 */

/** The requests under way. There is one for the whole service. */
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
    this.online.visits.delete(this); // ← the bug: Nest never calls this hook for a request-scoped provider
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
