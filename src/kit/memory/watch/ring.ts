/** The latest values, up to a fixed number. A new value replaces the oldest. */
export class Ring<T> {
  private readonly slots: T[] = [];
  private oldest = 0;

  constructor(readonly capacity: number) {}

  push(value: T): void {
    if (this.slots.length < this.capacity) {
      this.slots.push(value);
      return;
    }
    this.slots[this.oldest] = value;
    this.oldest = (this.oldest + 1) % this.capacity;
  }

  /** Oldest first. */
  values(): T[] {
    return [...this.slots.slice(this.oldest), ...this.slots.slice(0, this.oldest)];
  }

  get last(): T | undefined {
    return this.slots.at(this.oldest - 1);
  }
}

/**
 * The latest rows of numbers, up to a fixed number. All memory is allocated at once and outside the heap, so that the
 * monitoring does not add growth of its own to the heap that it measures.
 */
export class NumberRing<Column extends string> {
  private readonly columns = new Map<Column, Float64Array>();
  private pushed = 0;

  constructor(
    readonly capacity: number,
    columns: readonly Column[],
  ) {
    for (const column of columns) this.columns.set(column, new Float64Array(capacity));
  }

  push(row: Readonly<Record<Column, number>>): void {
    for (const [column, numbers] of this.columns) numbers[this.pushed % this.capacity] = row[column];
    this.pushed += 1;
  }

  /** A copy, oldest first. */
  column(name: Column): Float64Array {
    const numbers = this.columns.get(name)!; // the constructor makes one for each name of the type
    if (this.pushed <= this.capacity) return numbers.slice(0, this.pushed);
    const oldest = this.pushed % this.capacity;
    const ordered = new Float64Array(this.capacity);
    ordered.set(numbers.subarray(oldest));
    ordered.set(numbers.subarray(0, oldest), this.capacity - oldest);
    return ordered;
  }
}
