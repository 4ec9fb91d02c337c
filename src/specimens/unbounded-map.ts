import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Unbounded Map
 *
 * Met: a module keeps what it has looked up in a Map of its own, "for speed". Keys come from clients, so there are
 * as many as clients care to make up, and nobody deletes one. As a module variable it is in no constructor, no
 * module file and no injector: whoever reads the service class sees nothing that grows.
 * Case: imgproxy/imgproxy-node#9, where a Map that cached URL options crashed a Next.js application.
 * Shows: heap, by one entry a new key.
 * Fix: a cache with a bound, from a library that has thought of it (lru-cache): what was used least recently makes
 * room. It holds because the bound is checked where entries are added, not by a cleaner that may come too late.
 * Cost: what was evicted is looked up again; lru-cache lays its places out at the start, some 60 bytes each.
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
    everyOrder.set(id, order); // ← the bug: what goes in never comes out
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
