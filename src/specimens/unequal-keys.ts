import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Cache keyed by objects that are never equal
 *
 * Met: a memoized function, or a Map, takes an object or an array as its key. A Map compares keys by identity, and
 * each call creates a new key: it is never found, and always added. The answers are right, but slow, and the hit
 * ratio, which would show it, is rarely measured.
 * Case: garden-io/garden#5137, where memoize used an object as its key whose identity kept changing.
 * Shows: the heap grows by a key and a value per request. The hit ratio is 0.
 * Fix: use a key that is compared by value: a string of the fields that matter. There are then as many entries as
 * there are different answers, here 20. Where clients choose the fields, the cache needs a bound as well (see the
 * unbounded Map).
 * Cost: the string has to be built, and the order and the types of its fields have to be fixed (`1` and `"1"`).
 */

const CURRENCIES = 20;

/** A price list in one currency: expensive to compute, and the same for every client. */
interface Quote {
  currency: string;
  prices: number[];
}

@Injectable()
export class LeakyUnequalKeys extends Specimen {
  private readonly quotes = new Map<object, Quote>();

  async handle(id: string): Promise<Quote> {
    const key = { currency: await currencyOf(id) };
    const known = this.quotes.get(key);
    if (known) return known;
    const quote = quoteIn(key.currency);
    this.quotes.set(key, quote); // ← the bug: a new object is never equal to a key that is there
    return quote;
  }
}

@Injectable()
export class FixedUnequalKeys extends Specimen {
  // Bounded: one quote for each of 20 currencies.
  private readonly quotes = new Map<string, Quote>();

  async handle(id: string): Promise<Quote> {
    const key = await currencyOf(id);
    const known = this.quotes.get(key);
    if (known) return known;
    const quote = quoteIn(key);
    this.quotes.set(key, quote);
    return quote;
  }
}

async function currencyOf(id: string): Promise<string> {
  const { cents } = await findOrder(id);
  return `C${cents % CURRENCIES}`;
}

function quoteIn(currency: string): Quote {
  return {
    currency,
    prices: Array.from({ length: 16 }, (_, index) => index + Number(currency.slice(1)) / 100),
  };
}

export const unequalKeys: Pair = { leaky: LeakyUnequalKeys, fixed: FixedUnequalKeys };
