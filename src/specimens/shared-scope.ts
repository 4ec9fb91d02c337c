import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Closures that share a scope
 *
 * Met: a function makes two closures. One is used at once and needs something large; the other is kept and does
 * not. V8 gives all closures of a scope one context with the variables of all of them, so that the small one keeps
 * the large thing. Where that thing is the previous round, each round holds the one before: a chain.
 * Case: nodejs/node#11645, where an empty method held the large arguments of the function around it.
 * Shows: heap, in `system / Context` objects that hold each other; no container grows.
 * Fix: make the closure that is kept in a function of its own, where there is nothing else to share. It holds
 * because a context has only the variables of its own scope.
 * Cost: one more function.
 */

/** What the last answer was, for who asks. */
interface Last {
  order: Order;
  describe: () => string;
}

@Injectable()
export class LeakySharedScope extends Specimen {
  private last: Last | null = null;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    const { last } = this;
    const isNews = (): boolean => last?.order.id !== id;
    if (isNews()) this.last = { order, describe: () => `asked for ${id}` }; // ← the bug: `describe` shares a scope with `isNews`, and so holds `last`
    return order;
  }
}

@Injectable()
export class FixedSharedScope extends Specimen {
  private last: Last | null = null;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    const { last } = this;
    const isNews = (): boolean => last?.order.id !== id;
    if (isNews()) this.last = { order, describe: describer(id) };
    return order;
  }
}

const describer = (id: string) => (): string => `asked for ${id}`;

export const sharedScope: Pair = { leaky: LeakySharedScope, fixed: FixedSharedScope };
