import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Unbounded Map
 *
 * Met: a module stores what it has looked up in a Map, to be faster. Clients choose the keys, so their number has no
 * limit, and no code deletes one. A module variable is in no constructor, no module file and no injector: the code of
 * the service class shows nothing that grows.
 * Case: imgproxy/imgproxy-node#9, where a Map that cached URL options crashed a Next.js application.
 * Shows: the heap grows by one entry per new key.
 * Fix: use a cache with a bound (lru-cache), which evicts the entry that was used least recently. The bound holds
 * because it is checked where entries are added, not by a cleanup that may run too late.
 * Cost: evicted values are looked up again. lru-cache allocates its slots at the start, about 60 bytes each.
 */

const MAX_ORDERS = 100;

const everyOrder = new Map<string, Order>();
const recentOrders = new LRUCache<string, Order>({ max: MAX_ORDERS });

@Injectable()
export class LeakyUnboundedMap extends Specimen {
  async handle(id: string): Promise<Order> {
    const known = everyOrder.get(id);
    if (known) return known;
    const order = await findOrder(id);
    everyOrder.set(id, order); // ← the bug: no code deletes this entry
    return order;
  }
}

@Injectable()
export class FixedUnboundedMap extends Specimen {
  async handle(id: string): Promise<Order> {
    const known = recentOrders.get(id);
    if (known) return known;
    const order = await findOrder(id);
    recentOrders.set(id, order);
    return order;
  }
}

export const unboundedMap: Pair = { leaky: LeakyUnboundedMap, fixed: FixedUnboundedMap };
