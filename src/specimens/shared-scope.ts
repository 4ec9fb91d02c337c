import { Injectable } from '@nestjs/common';
import { findOrder, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Closures that share a scope
 *
 * Met: a function creates two closures. One is called at once and uses something large; the other is stored and does
 * not. V8 gives all closures of a scope one context, with every variable that any of them uses, so the stored closure
 * retains the large value. Where that value is the state of the previous round, each round retains the one before: a
 * chain.
 * Case: nodejs/node#11645, where an empty method retained the large arguments of the function around it.
 * Shows: the heap grows in `system / Context` objects that retain each other. No container grows.
 * Fix: create the stored closure in a function of its own. Its context then has only the variables of that function.
 * Cost: one more function.
 */

/** The latest answer, and a function that describes it. */
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
    if (isNews()) this.last = { order, describe: () => `asked for ${id}` }; // ← the bug: `describe` shares a context with `isNews`, and so retains `last`
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
