import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Map of WeakRefs
 *
 * Met: a cache stores WeakRefs so that it cannot leak, since the collector may take the values. It does not take the
 * keys and the WeakRefs: there is an entry for each key that was ever requested, and most of them are empty. A WeakMap
 * would not help, because its keys are objects and these are strings.
 * Case: denoland/deno#32916, where AbortSignal.any kept a list of WeakRefs whose targets had been collected.
 * Shows: the heap grows by a key, a WeakRef and a slot of the Map per key, at least 150 bytes. No value is alive, so
 * counting values shows nothing.
 * Fix: add a FinalizationRegistry that deletes the entry of a collected value, unless the entry has been replaced. A
 * cache with a bound (lru-cache) is simpler and usually what is needed: the collector does not know which values are
 * worth keeping, and takes all that nothing else retains.
 * Cost: 100 bytes more per live entry, and work in the collector. The registry has to live as long as the process: if
 * it is collected after its targets and before its finalizers run, Node before 26 never runs a finalizer of that
 * process again.
 */

@Injectable()
export class LeakyWeakRefs extends Specimen {
  private readonly orders = new Map<string, WeakRef<Order>>();

  async handle(id: string): Promise<Order> {
    const known = this.orders.get(id)?.deref();
    if (known) return known;
    const order = await findOrder(id);
    this.orders.set(id, new WeakRef(order)); // ← the bug: the order is collected, but its entry stays
    return order;
  }
}

@Injectable()
export class FixedWeakRefs extends Specimen {
  private readonly orders = new Map<string, WeakRef<Order>>();
  private readonly collected = new FinalizationRegistry((id: string) => {
    if (!this.orders.get(id)?.deref()) this.orders.delete(id);
  });

  async handle(id: string): Promise<Order> {
    const known = this.orders.get(id)?.deref();
    if (known) return known;
    const order = await findOrder(id);
    this.orders.set(id, new WeakRef(order));
    this.collected.register(order, id);
    return order;
  }
}

export const weakRefs: Pair = { leaky: LeakyWeakRefs, fixed: FixedWeakRefs };
