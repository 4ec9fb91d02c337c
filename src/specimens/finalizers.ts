import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * FinalizationRegistry whose held value retains its target
 *
 * Met: a finalizer is meant to clean up after an object that is no longer used. The held value that it is given
 * retains this object: it is the object itself, a closure over it, or a method bound to it. The registry retains held
 * values until their targets are collected, so the target is never collected and the finalizer never runs. Python had
 * the same problem with `__del__` in reference cycles.
 * Case: tc39/proposal-weakrefs#118, where the risk was discussed: `register(object, object)` is enough.
 * Shows: the heap grows by the target and its registration. The retaining path contains no property of the program.
 * Fix: pass what the clean-up needs, such as an id or a handle, and nothing that refers to the target. Better still,
 * clean up where the work ends, with `finally` or `using`: JavaScript does not guarantee when a finalizer runs, or
 * that it runs at all.
 * Cost: about 100 bytes per registration, and time in the collector.
 */

@Injectable()
export class LeakyFinalizers extends Specimen {
  private released = 0;
  private readonly registry = new FinalizationRegistry((release: () => void) => release());

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.registry.register(order, () => this.release(order.id)); // ← the bug: the held value is a closure over the order, so the order is never collected
    return order;
  }

  private release(id: string): void {
    if (id) this.released += 1;
  }
}

@Injectable()
export class FixedFinalizers extends Specimen {
  private released = 0;
  private readonly registry = new FinalizationRegistry((id: string) => this.release(id));

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.registry.register(order, order.id);
    return order;
  }

  private release(id: string): void {
    if (id) this.released += 1;
  }
}

export const finalizers: Pair = { leaky: LeakyFinalizers, fixed: FixedFinalizers };
