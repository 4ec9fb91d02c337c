/**
 * A whole life in a fixed number of points. When it is full, every second point is dropped and from then on half as
 * many are taken: hours and weeks take the same memory, and the curve keeps its beginning.
 */
export class History<T> {
  private points: T[] = [];
  private every = 1;
  private offered = 0;

  /** @param capacity an even number */
  constructor(readonly capacity: number) {}

  /** @returns whether it was taken. */
  offer(point: T): boolean {
    const taken = this.offered % this.every === 0;
    this.offered += 1;
    if (!taken) return false;
    this.points.push(point);
    if (this.points.length === this.capacity) {
      this.points = this.points.filter((_, index) => index % 2 === 0);
      this.every *= 2;
    }
    return true;
  }

  /** Oldest first. */
  values(): readonly T[] {
    return this.points;
  }
}
