/**
 * A queue by small whole costs (Dial's variant of Dijkstra: R. B. Dial, "Algorithm 360", CACM 1969).
 * Costs of one step are bounded, so a list for each cost is all it takes.
 */
export class BucketQueue {
  readonly #buckets: number[][] = [];
  #cost = 0;

  push(item: number, cost: number): void {
    (this.#buckets[cost] ??= []).push(item);
  }

  /** The cheapest item, or null. `cost` tells afterwards what it cost. */
  pop(): number | null {
    for (; this.#cost < this.#buckets.length; this.#cost++) {
      const item = this.#buckets[this.#cost]?.pop();
      if (item !== undefined) return item;
    }
    return null;
  }

  get cost(): number {
    return this.#cost;
  }
}
