import type { Baseline } from '../answers/baseline.js';
import type { Heap } from '../heap.js';
import type { OwnedEntries } from './entries-by-owner.js';

/** What a comparison needs of a snapshot that is not held any more. */
export interface Earlier extends Baseline {
  readonly owners: ReadonlyMap<string, OwnedEntries>;
}

/** The results of searches in millions of strings take megabytes each, and a prompt may be open for a day. */
const MOST_KNOWN = 24;

/** One snapshot, or a series of one process, of which only the last is held as a whole. */
export class QuerySession {
  readonly #known = new Map<string, unknown>();

  /** @param earlier what a comparison needs of the snapshots before, the first one first */
  constructor(
    readonly heap: Heap,
    readonly earlier: readonly Earlier[] = [],
  ) {}

  /** The result of a pass over the whole heap. The latest are stored, so that the next page costs nothing. */
  once<T>(key: string, compute: () => T): T {
    const known = this.#known.has(key) ? (this.#known.get(key) as T) : compute();
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }
}
