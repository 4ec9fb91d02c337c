/** A sorted copy. Not `toSorted`: the probe also runs in targets of Node 18, which does not have it. */
export function sorted<T>(values: readonly T[], compare: (a: T, b: T) => number): T[] {
  // oxlint-disable-next-line unicorn/no-array-sort -- of a copy
  return [...values].sort(compare);
}

/** A reversed copy. Not `toReversed`, for the same reason. */
export function reversed<T>(values: readonly T[]): T[] {
  // oxlint-disable-next-line unicorn/no-array-reverse -- of a copy
  return [...values].reverse();
}
