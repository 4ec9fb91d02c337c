/** A column of numbers: Uint32 while all values fit, doubles otherwise (sizes above 4 GiB, large ids of native nodes). */
export type WideArray = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

type TypedArray =
  Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * The initial capacity in rows. The stated count is limited by the size of the snapshot (a number and its comma take two
 * bytes), so that a wrong count cannot make the reader allocate. Without a known size it is small, and doubles.
 */
export function firstCapacity(statedRows: number, width: number, bytes: number | null): number {
  const carried = bytes === null ? 1 << 16 : Math.ceil(bytes / (2 * width));
  return Math.max(1, Math.min(statedRows, carried));
}

/** Twice the capacity, at most the count that the snapshot states. */
export function nextCapacity(capacity: number, statedRows: number): number {
  return Math.min(statedRows, capacity * 2);
}

/** The column with another capacity and the same rows. */
export function resized<T extends TypedArray>(column: T, capacity: number): T {
  if (column.length === capacity) return column;
  if (column.length > capacity) return column.subarray(0, capacity) as T;
  const bigger = new (column.constructor as new (length: number) => T)(capacity);
  bigger.set(column);
  return bigger;
}

export function widened(column: WideArray): Float64Array<ArrayBuffer> {
  return column instanceof Float64Array ? column : Float64Array.from(column);
}
