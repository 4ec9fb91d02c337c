import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * FinalizationRegistry whose held value holds its target
 *
 * Met: a finalizer is to clean up after an object that nobody uses any more, and what it is given for that, the held
 * value, has the object in it: the object itself, a closure over it, a method bound to it. The registry keeps held
 * values until their targets are collected, so that the target is never collected, and the finalizer never runs.
 * What Python did with `__del__` in a cycle.
 * Case: tc39/proposal-weakrefs#118, where the risk was discussed: `register(object, object)` is enough.
 * Shows: heap, by the target and its registration. The path to it passes through no field of the program.
 * Fix: hold what the cleaning needs, a number or a name, and nothing that leads back. Better still, clean up where
 * the work ends, with `finally` or `using`: when a finalizer runs, or whether, nobody promises.
 * Cost: a registration costs some 100 bytes, and time in the collector.
 */

@Injectable()
export class LeakyFinalizers extends Specimen {
  private released = 0;
  private readonly registry = new FinalizationRegistry((release: () => void) => release());

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    this.registry.register(order, () => this.release(order.id)); // ← the bug: the closure holds the order
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
