/** Keeps the few largest of many, without keeping the many. Equal ones stay in the order they came. */
export class Top<T> {
  readonly #kept: { item: T; weight: number }[] = [];

  constructor(
    private readonly limit: number,
    private readonly weigh: (item: T) => number,
  ) {}

  add(item: T): void {
    const weight = this.weigh(item);
    const kept = this.#kept;
    if (kept.length === this.limit) {
      if (this.limit === 0 || kept.at(-1)!.weight >= weight) return;
      kept.pop();
    }
    let at = kept.length;
    while (at > 0 && kept[at - 1]!.weight < weight) at--;
    kept.splice(at, 0, { item, weight });
  }

  sorted(): T[] {
    return this.#kept.map(({ item }) => item);
  }
}
