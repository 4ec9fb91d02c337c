import { Heap } from '../heap.js';
import { edgeCost } from './edge-costs.js';

/** Fewer edges than this are looked through sooner than sorted. */
const MANY_EDGES = 64;

/**
 * Finds the cheapest retaining edge from one node to another. The first time a node's edges are looked
 * through; when it is asked about again they are sorted by target. Without that, a table of a million
 * records would be looked through for each of them, when they all share what is asked about.
 */
export class EdgesBetween {
  readonly #askedOnce = new Set<number>();
  readonly #byTarget = new Map<number, Float64Array>();

  constructor(private readonly heap: Heap) {}

  cheapest(from: number, to: number): { edge: number; price: number } {
    const { firstEdge, edgeTo } = this.heap.graph;
    const start = firstEdge[from]!;
    const count = firstEdge[from + 1]! - start;
    const best = { edge: -1, price: Infinity };
    if (count >= MANY_EDGES && this.#askedOnce.has(from)) {
      const sorted = this.#sorted(from);
      for (let at = lowerBound(sorted, to * count); at < count; at++) {
        const edge = start + (sorted[at]! - to * count);
        if (sorted[at]! >= (to + 1) * count) break;
        this.#consider(from, edge, best);
      }
    } else {
      this.#askedOnce.add(from);
      for (let edge = start; edge < start + count; edge++) {
        if (edgeTo[edge] === to) this.#consider(from, edge, best);
      }
    }
    return best;
  }

  #consider(from: number, edge: number, best: { edge: number; price: number }): void {
    if (!this.heap.retaining.has(edge)) return;
    const price = edgeCost(this.heap.graph, from, edge);
    if (price < best.price) Object.assign(best, { edge, price });
  }

  /**
   * Target times count plus place, as one number for each edge, sorted: numbers sort natively. They are
   * exact for as long as nodes times edges of one node stay below 2^53.
   */
  #sorted(from: number): Float64Array {
    let sorted = this.#byTarget.get(from);
    if (sorted === undefined) {
      const { firstEdge, edgeTo } = this.heap.graph;
      const start = firstEdge[from]!;
      const count = firstEdge[from + 1]! - start;
      sorted = new Float64Array(count);
      for (let at = 0; at < count; at++) sorted[at] = edgeTo[start + at]! * count + at;
      sorted.sort();
      this.#byTarget.set(from, sorted);
    }
    return sorted;
  }
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
