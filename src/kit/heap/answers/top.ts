interface Weighed<T> {
  item: T;
  weight: number;
}

/**
 * Keeps the few largest of many without keeping the many: collects up to twice as many as asked for,
 * then sorts and cuts. Equal ones stay in the order in which they came.
 */
export class Top<T> {
  #kept: Weighed<T>[] = [];
  /** What weighs no more than this has no place any more. */
  #floor = -Infinity;

  constructor(
    private readonly limit: number,
    private readonly weigh: (item: T) => number,
  ) {}

  add(item: T): void {
    const weight = this.weigh(item);
    if (weight <= this.#floor) return;
    this.#kept.push({ item, weight });
    if (this.#kept.length >= 2 * this.limit + 1) this.#cut();
  }

  sorted(): T[] {
    this.#cut();
    return this.#kept.map(({ item }) => item);
  }

  #cut(): void {
    this.#kept = this.#kept.toSorted((a, b) => b.weight - a.weight).slice(0, this.limit);
    if (this.#kept.length === this.limit) this.#floor = this.#kept.at(-1)?.weight ?? Infinity;
  }
}
