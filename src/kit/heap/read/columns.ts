/** A column of numbers: Uint32 for as long as they fit, doubles after that (sizes above 4 GiB, wild ids). */
export type WideArray = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

type TypedArray =
  Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * How many rows to make room for at first. The stated count is believed only as far as the bytes can
 * carry it (a number and its comma take two); without a known size we start small and double.
 */
export function firstCapacity(statedRows: number, width: number, bytes: number | null): number {
  const carried = bytes === null ? 1 << 16 : Math.ceil(bytes / (2 * width));
  return Math.max(1, Math.min(statedRows, carried));
}

/** Twice the room, but never more than the count that the snapshot stated. */
export function nextCapacity(capacity: number, statedRows: number): number {
  return Math.min(statedRows, capacity * 2);
}

/** The same column with another capacity; the rows in it are kept. */
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
