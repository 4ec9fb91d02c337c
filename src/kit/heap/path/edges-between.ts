import type { Bits } from '../graph/bits.js';
import type { HeapGraph } from '../graph/heap-graph.js';
import { PositionIndex } from '../graph/position-index.js';
import { edgeCost } from './edge-costs.js';

/** A scan over fewer edges is as fast as the index of them. */
const MANY_EDGES = 64;
/** Edges in all indexes that are stored, at eight bytes each or fewer: 512 MB at most, in a heap of many gigabytes. */
const MOST_INDEXED = 1 << 26;

/**
 * Finds the cheapest retaining edge from one node to another. The first query about a node scans its edges. A second
 * query makes an index of them: without that, a table of a million records would be scanned for each record whose path
 * is asked for.
 */
export class EdgesBetween {
  /** Nodes that were asked about once. */
  readonly #askedOnce = new Set<number>();
  readonly #byTarget = new Map<number, PositionIndex>();
  #indexed = 0;
  #edge = -1;
  #cost = Infinity;

  /** The cost of the edge that was found last. */
  get cost(): number {
    return this.#cost;
  }

  constructor(
    private readonly graph: HeapGraph,
    private readonly retaining: Bits,
  ) {}

  /** The edge, or -1. Of edges that cost the same, the first. */
  cheapest(from: number, to: number): number {
    const { edgeTo } = this.graph;
    const start = this.graph.edgeStart(from);
    const end = this.graph.edgeEnd(from);
    this.#edge = -1;
    this.#cost = Infinity;
    if (end - start >= MANY_EDGES && this.#isAskedAgain(from)) {
      const index = this.#indexOf(from, start, end);
      for (let at = index.first(to); at >= 0; at = index.after(at)) this.#consider(from, start + at);
    } else {
      for (let edge = start; edge < end; edge++) if (edgeTo[edge] === to) this.#consider(from, edge);
    }
    return this.#edge;
  }

  #isAskedAgain(from: number): boolean {
    if (this.#askedOnce.has(from)) return true;
    this.#askedOnce.add(from);
    return false;
  }

  #consider(from: number, edge: number): void {
    if (!this.retaining.has(edge)) return;
    const cost = edgeCost(this.graph, from, edge);
    if (cost >= this.#cost) return;
    this.#cost = cost;
    this.#edge = edge;
  }

  #indexOf(from: number, start: number, end: number): PositionIndex {
    const known = this.#byTarget.get(from);
    if (known !== undefined) return known;
    if (this.#indexed + end - start > MOST_INDEXED) {
      this.#byTarget.clear();
      this.#indexed = 0;
    }
    const index = new PositionIndex(this.graph.edgeTo.subarray(start, end));
    this.#byTarget.set(from, index);
    this.#indexed += end - start;
    return index;
  }
}
