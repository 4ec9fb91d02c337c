import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * TTL cache that deletes expired entries only on access
 *
 * Met: entries have a time to live, and an expired entry is deleted when its key is requested again. Most keys are
 * never requested again. A ttl limits the age of an answer; it does not limit memory.
 * Case: nestjs/cache-manager#805, where entries of the memory store stayed after their ttl; nestjs/throttler#2665,
 * where records of clients were never removed.
 * Shows: the heap grows by one entry per key that is not requested again.
 * Fix: add a bound on the number of entries (lru-cache with `max` and `ttl`), so that expired entries are evicted like
 * all others. A periodic sweep is no bound: entries may arrive faster than it removes them.
 * Cost: an entry that is still fresh may be evicted, and each access reads the clock.
 */

const TTL_MS = 1_000;
const MAX_ORDERS = 100;

@Injectable()
export class LeakyLazyTtl extends Specimen {
  private readonly orders = new Map<string, { order: Order; expiresAt: number }>();

  async handle(id: string): Promise<Order> {
    const known = this.orders.get(id);
    if (known && known.expiresAt > Date.now()) return known.order;
    this.orders.delete(id); // ← the bug: an entry is deleted only when its key is requested again
    const order = await findOrder(id);
    this.orders.set(id, { order, expiresAt: Date.now() + TTL_MS });
    return order;
  }
}

@Injectable()
export class FixedLazyTtl extends Specimen {
  private readonly orders = new LRUCache<string, Order>({ max: MAX_ORDERS, ttl: TTL_MS });

  async handle(id: string): Promise<Order> {
    const known = this.orders.get(id);
    if (known) return known;
    const order = await findOrder(id);
    this.orders.set(id, order);
    return order;
  }
}

export const lazyTtl: Pair = { leaky: LeakyLazyTtl, fixed: FixedLazyTtl };
