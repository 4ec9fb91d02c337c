/**
 * Samples of the whole life of a process in bounded memory. When it is full, every second point is dropped, and from
 * then on half as many are stored. The points stay evenly spaced and include the start.
 */
export class History<T> {
  private points: T[] = [];
  private every = 1;
  private offered = 0;

  /** @param capacity an even number */
  constructor(readonly capacity: number) {}

  /** @returns whether the point was stored. */
  offer(point: T): boolean {
    const isStored = this.offered % this.every === 0;
    this.offered += 1;
    if (!isStored) return false;
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
