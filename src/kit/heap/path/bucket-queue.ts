/**
 * A priority queue for small whole costs (R. B. Dial, "Algorithm 360: Shortest-path forest with topological ordering",
 * CACM 1969). The cost of one step is bounded, so that one list for each cost is enough.
 */
export class BucketQueue {
  readonly #buckets: number[][] = [];
  #cost = 0;

  push(item: number, cost: number): void {
    (this.#buckets[cost] ??= []).push(item);
  }

  /** Removes the cheapest item and returns it, or null. `cost` is then the cost of that item. */
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
