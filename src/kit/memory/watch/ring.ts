/** The latest values, up to a fixed number: the oldest one leaves when a new one comes. */
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
