interface Weighed<T> {
  item: T;
  weight: number;
}

/**
 * Selects the `limit` largest of many items. It stores up to twice as many, then sorts them and drops the smaller half.
 * Equal items stay in the order in which they were added.
 */
export class Top<T> {
  #items: Weighed<T>[] = [];
  /** An item that weighs no more than this cannot be among the largest. */
  #floor = -Infinity;

  constructor(
    private readonly limit: number,
    private readonly weigh: (item: T) => number,
  ) {}

  add(item: T): void {
    const weight = this.weigh(item);
    if (weight <= this.#floor) return;
    this.#items.push({ item, weight });
    if (this.#items.length >= 2 * this.limit + 1) this.#cut();
  }

  sorted(): T[] {
    this.#cut();
    return this.#items.map(({ item }) => item);
  }

  #cut(): void {
    this.#items = this.#items.toSorted((a, b) => b.weight - a.weight).slice(0, this.limit);
    if (this.#items.length === this.limit) this.#floor = this.#items.at(-1)?.weight ?? Infinity;
  }
}
