import { LRUCache } from 'lru-cache';

/** A cache with a TTL of an hour and no other bound. */
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
