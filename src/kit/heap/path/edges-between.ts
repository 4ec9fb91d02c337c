import { Heap } from '../heap.js';
import { edgeCost } from './edge-costs.js';

/** A scan over fewer edges is faster than sorting them. */
const MANY_EDGES = 64;

/**
 * Finds the cheapest retaining edge from one node to another. The first query about a node scans its edges. A second
 * query sorts them by target: without that, a table of a million records that all refer to one node would be scanned a
 * million times.
 */
export class EdgesBetween {
  /** Nodes that were asked about once. */
  readonly #askedOnce = new Set<number>();
  readonly #byTarget = new Map<number, Float64Array>();

  constructor(private readonly heap: Heap) {}

  cheapest(from: number, to: number): { edge: number; cost: number } {
    const { graph } = this.heap;
    const start = graph.edgeStart(from);
    const count = graph.edgeEnd(from) - start;
    const best = { edge: -1, cost: Infinity };
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
        if (graph.edgeTo[edge] === to) this.#consider(from, edge, best);
      }
    }
    return best;
  }

  #consider(from: number, edge: number, best: { edge: number; cost: number }): void {
    if (!this.heap.retaining.has(edge)) return;
    const cost = edgeCost(this.heap.graph, from, edge);
    if (cost < best.cost) Object.assign(best, { edge, cost });
  }

  /**
   * One number for each edge, its target times the number of edges plus its position, sorted: typed arrays sort
   * natively. The numbers are exact while the number of nodes times the edges of one node stays below 2^53.
   */
  #sorted(from: number): Float64Array {
    let sorted = this.#byTarget.get(from);
    if (sorted === undefined) {
      const { graph } = this.heap;
      const start = graph.edgeStart(from);
      const count = graph.edgeEnd(from) - start;
      sorted = new Float64Array(count);
      for (let at = 0; at < count; at++) sorted[at] = graph.targetOf(start + at) * count + at;
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
