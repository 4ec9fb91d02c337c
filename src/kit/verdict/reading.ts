/** Memory at one moment, and how much work had been done by then. */
export interface Reading {
  /** Work done so far: requests answered (or seconds, when the unit is 'second'). Strictly increasing over a series. */
  work: number;
  /** Memory in use after a forced collection. */
  bytes: number;
  /**
   * True while a container that declares a bound has not reached it: growth up to that bound is expected, so it is
   * not judged.
   */
  filling?: boolean;
}

/** @throws RangeError naming the first reading that cannot be judged, and what to do about it */
export function checkReadings(readings: readonly Reading[]): void {
  for (const [i, { work, bytes }] of readings.entries()) {
    if (!Number.isFinite(work)) {
      throw new RangeError(
        `Reading ${i}: work is ${work}. Pass the number of requests (or seconds) done so far.`,
      );
    }
    if (!Number.isFinite(bytes)) {
      throw new RangeError(`Reading ${i}: bytes is ${bytes}. Leave out a reading that could not be taken.`);
    }
    const previous = readings[i - 1];
    if (previous && work <= previous.work) {
      throw new RangeError(
        `Reading ${i}: work is ${work}, after ${previous.work} in reading ${i - 1}. ` +
          'Work is a running total: pass readings in order, one for each round, none twice.',
      );
    }
  }
}
