import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * TTL cache that only forgets when asked
 *
 * Met: entries have a time to live, and one that is past it is deleted when somebody asks for it. Nobody asks again
 * for most keys. "It expires after a second" says how old an answer may be; it says nothing of memory.
 * Case: nestjs/cache-manager#805, where entries of the memory store stayed after their ttl; nestjs/throttler#2665,
 * whose records of clients stayed for good.
 * Shows: heap, by one entry a key that is not asked for again.
 * Fix: a bound on entries beside the ttl (lru-cache with `max` and `ttl`): what expired makes room like everything
 * else. A sweeper that deletes on time is a bound only as long as nobody comes faster than it sweeps.
 * Cost: a key that is still fresh may be evicted; a look at the clock for each access.
 */

const TTL_MS = 1_000;
const MAX_ORDERS = 100;

@Injectable()
export class LeakyLazyTtl extends Specimen {
  private readonly orders = new Map<string, { order: Order; expiresAt: number }>();

  async handle(id: string): Promise<Order> {
    const known = this.orders.get(id);
    if (known && known.expiresAt > Date.now()) return known.order;
    this.orders.delete(id); // ← the bug: only what is asked for again is deleted
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
