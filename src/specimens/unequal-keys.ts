import { Injectable } from '@nestjs/common';
import { findOrder } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Cache keyed by objects that are never equal
 *
 * Met: a function is memoized, or a Map asked, with an object or an array as key. Maps compare keys by identity, and
 * the key is made anew for each call: it is never found, and always added. The cache has no hits, the service is
 * right and slow, and nobody asks a cache for its hit ratio.
 * Case: garden-io/garden#5137, where memoize used an object as its key whose identity kept changing.
 * Shows: heap, by a key and a value a request; and as a hit ratio of 0.
 * Fix: a key that is compared by value: a text of the fields that count. There are then as many entries as there are
 * answers, here 20. Where clients choose the fields, that needs a bound as well (see the unbounded Map).
 * Cost: making the text. Order and types of the fields have to be settled (`1` and `"1"`).
 */

const CURRENCIES = 20;

/** What a price list comes to, in one currency: dear to make, and the same for all who ask. */
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
    this.quotes.set(key, quote); // ← the bug: no other object is equal to this key
    return quote;
  }
}

@Injectable()
export class FixedUnequalKeys extends Specimen {
  // Bounded: a quote for each currency.
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
