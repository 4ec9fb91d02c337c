import { LRUCache } from 'lru-cache';

/** A cache that forgets by age alone: within the hour it has no bound. */
class Quotes {
  cache = new LRUCache({ ttl: 3_600_000 });
  get(symbol) {
    if (!this.cache.has(symbol)) this.cache.set(symbol, { symbol, price: [1] });
    return this.cache.get(symbol);
  }
}
const quotes = new Quotes();
let next = 0;

export function request() {
  quotes.get(`symbol-${next++}`);
}
