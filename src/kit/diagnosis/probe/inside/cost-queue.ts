/** All costs above this one count as this one. */
const HIGHEST_COST = 5_000;

/** A priority queue: an array of buckets, one for each cost, since costs are small whole numbers. */
export class CostQueue<Item> {
  readonly #buckets = Array.from({ length: HIGHEST_COST + 1 }, (): Item[] | null => null);
  #cost = 0;

  /** The cost of the item that was taken last. */
  get cost(): number {
    return this.#cost;
  }

  add(item: Item, cost: number): void {
    const at = Math.min(HIGHEST_COST, cost);
    (this.#buckets[at] ??= []).push(item);
    if (at < this.#cost) this.#cost = at;
  }

  /** Takes the item of the lowest cost, the newest one of several. @returns null when the queue is empty */
  take(): Item | null {
    for (; this.#cost <= HIGHEST_COST; this.#cost += 1) {
      const item = this.#buckets[this.#cost]?.pop();
      if (item !== undefined) return item;
      this.#buckets[this.#cost] = null;
    }
    return null;
  }
}
