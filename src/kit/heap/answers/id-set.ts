import { Bits } from '../graph/bits.js';
import { WideArray } from '../read/columns.js';

/** V8's ids increase by two, so that one bit for each number takes little memory. Sparse ids go into a Set instead. */
const MAX_BITS_PER_ID = 64;

export interface IdSet {
  has(id: number): boolean;
}

export function idSet(ids: WideArray): IdSet {
  let max = 0;
  for (const id of ids) if (id > max) max = id;
  if (max > ids.length * MAX_BITS_PER_ID) return new Set(ids);
  const bits = new Bits(max + 1);
  for (const id of ids) bits.add(id);
  return { has: (id) => id <= max && bits.has(id) };
}
