/** An object used as a dictionary whose keys come from clients. */
class RateLimiter {
  byClient = {};
  hit(client) {
    (this.byClient[client] ??= { hits: 0, first: [client] }).hits++;
  }
}
const limiter = new RateLimiter();
let next = 0;

export function request() {
  limiter.hit(`client-${next++}`);
}
