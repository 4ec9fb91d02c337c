import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Map of WeakRefs
 *
 * Met: a cache of WeakRefs, "so that it cannot leak": the values go when memory is short. The keys do not, nor do
 * the WeakRefs: an entry for each key that was ever asked for, and most of them empty. A WeakMap would not have
 * done, since its keys are objects and these are texts.
 * Case: denoland/deno#32916, where AbortSignal.any kept a list of WeakRefs whose targets were long gone.
 * Shows: heap, by a key, a WeakRef and a place in the Map, 150 bytes and more; no value is alive, so that counting
 * them finds nothing.
 * Fix: a FinalizationRegistry that deletes the entry of a value that was collected, if it is still that entry.
 * A cache with a bound (lru-cache) is simpler and mostly what was meant: the collector does not know which values
 * are worth keeping, and takes all that nobody holds.
 * Cost: 100 bytes more for each live entry, and work in the collector. The registry has to live as long as the
 * process: when one is collected between the collection of its targets and its finalizers' turn, Node before 26 runs
 * no finalizer of the process ever again.
 */

@Injectable()
export class LeakyWeakRefs extends Specimen {
  private readonly orders = new Map<string, WeakRef<Order>>();

  async handle(id: string): Promise<Order> {
    const known = this.orders.get(id)?.deref();
    if (known) return known;
    const order = await findOrder(id);
    this.orders.set(id, new WeakRef(order)); // ← the bug: the order goes, its entry stays
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
