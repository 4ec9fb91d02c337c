import { HeapSnapshotError } from '../errors.js';
import { PositionIndex } from '../graph/position-index.js';
import { resized } from './columns.js';
import { SnapshotLayout } from './meta.js';
import { RowSink } from './number-section.js';

/** The place in the source of a closure or of the constructor of an object. Lines and columns are from 0. */
export interface SourceLocation {
  scriptId: number;
  line: number;
  column: number;
}

/** A scan of the column is cheaper than its index, until so many places were asked for. */
const SCANS = 8;

/** Stores the rows of `locations` as columns. */
export class LocationRows implements RowSink {
  count = 0;
  #nodes = new Uint32Array(1024);
  #places = new Int32Array(3 * 1024);
  #scans = 0;
  #index: PositionIndex | null = null;

  constructor(private readonly layout: SnapshotLayout) {}

  row(row: Float64Array, offset: number): void {
    const { location, nodeWidth, nodeCount } = this.layout;
    if (location === null) return;
    const node = row[location.object]! / nodeWidth;
    if (node < 0 || node >= nodeCount || node !== Math.floor(node)) {
      throw new HeapSnapshotError('HEAP_RANGE', `a location belongs to node ${node} of ${nodeCount}`, offset);
    }
    const at = this.count++;
    if (at === this.#nodes.length) {
      this.#nodes = resized(this.#nodes, at * 2);
      this.#places = resized(this.#places, at * 6);
    }
    this.#nodes[at] = node;
    this.#places[3 * at] = row[location.script]!;
    this.#places[3 * at + 1] = row[location.line]!;
    this.#places[3 * at + 2] = row[location.column]!;
  }

  /** The location of a node, or null. */
  of(node: number): SourceLocation | null {
    const row = this.#rowOf(node);
    if (row < 0) return null;
    const at = 3 * row;
    return { scriptId: this.#places[at]!, line: this.#places[at + 1]!, column: this.#places[at + 2]! };
  }

  #rowOf(node: number): number {
    const nodes = this.#nodes.subarray(0, this.count);
    if (this.#index === null && this.#scans++ < SCANS) return nodes.indexOf(node);
    return (this.#index ??= new PositionIndex(nodes)).first(node);
  }
}
