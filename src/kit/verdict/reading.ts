/** Live memory at one moment, and the work done until then. */
export interface Reading {
  /** Work done so far: requests answered, seconds or calls, by the verdict's unit. Strictly increasing in a series. */
  work: number;
  /** Memory in use after a forced collection. */
  bytes: number;
  /**
   * True while a container with a declared bound has not reached it. Growth up to that bound is expected, so readings
   * until then are not judged.
   */
  filling?: boolean;
}

/** @throws RangeError that names the first reading that cannot be judged, its value and what to pass instead */
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
