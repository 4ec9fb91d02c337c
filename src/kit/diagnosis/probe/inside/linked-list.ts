import type { types as utilTypes } from 'node:util';
import type { Objects } from './reflect.js';

/** A linked list that is being counted, over as many slices as it takes. */
export interface Chain {
  /** Follows some thousands of links. @returns whether the end was reached. */
  count(): boolean;
  length(): number;
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeChain(
  { valueAt }: Objects,
  types: typeof utilTypes,
  head: object,
  key: string,
  counted: number,
): Chain {
  const LINKS_AT_ONCE = 2_000;
  const MOST_LINKS = 20_000_000;
  let at = head;
  let length = counted;
  return {
    count() {
      for (let links = 0; links < LINKS_AT_ONCE; links += 1) {
        const following = types.isProxy(at) ? null : valueAt(at, key);
        const isEnd = typeof following !== 'object' || following === null || following === head;
        if (isEnd || length > MOST_LINKS) return true;
        at = following;
        length += 1;
      }
      return false;
    },
    length: () => length,
  };
}
