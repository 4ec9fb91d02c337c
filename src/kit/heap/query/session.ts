import type { Baseline } from '../answers/baseline.js';
import type { Heap } from '../heap.js';

/** One snapshot, or a series of one process, of which only the last is held as a whole. */
export class QuerySession {
  readonly #known = new Map<string, unknown>();

  /** @param earlier what a comparison needs of the snapshots before, the first one first */
  constructor(
    readonly heap: Heap,
    readonly earlier: readonly Baseline[] = [],
  ) {}

  /** The result of a pass over the whole heap. It is computed once, so that the next page costs nothing. */
  once<T>(key: string, compute: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, compute());
    return this.#known.get(key) as T;
  }
}
