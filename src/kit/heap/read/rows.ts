import { HeapSnapshotError } from '../errors.js';
import { WideArray, firstCapacity, nextCapacity, resized, widened } from './columns.js';
import { SnapshotLayout } from './meta.js';
import { RowSink } from './number-section.js';

const MAX_UINT32 = 0xff_ff_ff_ff;

function surplus(what: string, stated: number, offset: number): HeapSnapshotError {
  return new HeapSnapshotError(
    'HEAP_COUNTS',
    `"${what}" has more than the ${stated} rows that the snapshot states`,
    offset,
  );
}

function outside(what: string, value: number, bound: number, offset: number): HeapSnapshotError {
  return new HeapSnapshotError('HEAP_RANGE', `${what} is ${value}, outside of 0…${bound - 1}`, offset);
}

/** Stores the rows of `nodes` as one typed array for each field. */
export class NodeRows implements RowSink {
  count = 0;
  types: Uint8Array<ArrayBuffer>;
  names: Uint32Array<ArrayBuffer>;
  ids: WideArray;
  selfSizes: WideArray;
  /** Edges of node n are firstEdge[n] … firstEdge[n + 1] - 1. */
  firstEdge: Uint32Array<ArrayBuffer>;
  /** The allocation that made each node; null while no node has one, so that it costs nothing without tracking. */
  traces: Uint32Array<ArrayBuffer> | null = null;
  #capacity: number;
  #edges = 0;

  constructor(
    private readonly layout: SnapshotLayout,
    bytes: number | null,
  ) {
    const capacity = firstCapacity(layout.nodeCount, layout.nodeWidth, bytes);
    this.#capacity = capacity;
    this.types = new Uint8Array(capacity);
    this.names = new Uint32Array(capacity);
    this.ids = new Uint32Array(capacity);
    this.selfSizes = new Uint32Array(capacity);
    this.firstEdge = new Uint32Array(capacity + 1);
  }

  row(row: Float64Array, offset: number): void {
    const { layout } = this;
    const at = this.count;
    if (at === this.#capacity) this.#grow(offset);
    const type = row[layout.nodeType]!;
    const name = row[layout.nodeName]!;
    const id = row[layout.nodeId]!;
    const selfSize = row[layout.nodeSelfSize]!;
    const edges = row[layout.nodeEdgeCount]!;
    if (type < 0 || type >= layout.nodeTypes.length) {
      throw outside('the type of a node', type, layout.nodeTypes.length, offset);
    }
    if (name < 0 || name > MAX_UINT32) throw outside('the name of a node', name, MAX_UINT32, offset);
    if (id < 0 || selfSize < 0 || edges < 0)
      throw outside(
        'the id, size or edge count of a node',
        Math.min(id, selfSize, edges),
        MAX_UINT32,
        offset,
      );
    if (id > MAX_UINT32) this.ids = widened(this.ids);
    if (selfSize > MAX_UINT32) this.selfSizes = widened(this.selfSizes);
    this.types[at] = type;
    this.names[at] = name;
    this.ids[at] = id;
    this.selfSizes[at] = selfSize;
    if (layout.nodeTrace >= 0 && row[layout.nodeTrace] !== 0) this.#trace(at, row[layout.nodeTrace]!, offset);
    this.#edges += edges;
    if (this.#edges > layout.edgeCount) {
      const text = `the nodes have more edges than the ${layout.edgeCount} that the snapshot states`;
      throw new HeapSnapshotError('HEAP_COUNTS', text, offset);
    }
    this.count = at + 1;
    this.firstEdge[at + 1] = this.#edges;
  }

  end(offset: number): void {
    const { nodeCount, edgeCount } = this.layout;
    if (this.count !== nodeCount || nodeCount === 0) {
      const text = `"nodes" has ${this.count} rows, but the snapshot states ${nodeCount}`;
      throw new HeapSnapshotError('HEAP_COUNTS', text, offset);
    }
    if (this.#edges !== edgeCount) {
      const text = `the nodes have ${this.#edges} edges, but the snapshot states ${edgeCount}`;
      throw new HeapSnapshotError('HEAP_COUNTS', text, offset);
    }
    this.#resize(this.count);
  }

  #trace(at: number, trace: number, offset: number): void {
    if (trace < 0 || trace > MAX_UINT32) throw outside('the allocation of a node', trace, MAX_UINT32, offset);
    this.traces ??= new Uint32Array(this.#capacity);
    this.traces[at] = trace;
  }

  #grow(offset: number): void {
    if (this.count === this.layout.nodeCount) throw surplus('nodes', this.count, offset);
    this.#resize(nextCapacity(this.#capacity, this.layout.nodeCount));
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    this.types = resized(this.types, capacity);
    this.names = resized(this.names, capacity);
    this.ids = resized(this.ids, capacity);
    this.selfSizes = resized(this.selfSizes, capacity);
    this.firstEdge = resized(this.firstEdge, capacity + 1);
    if (this.traces !== null) this.traces = resized(this.traces, capacity);
  }
}

/** Stores the rows of `edges` as columns. Sources are not stored: they follow from the edge counts of the nodes. */
export class EdgeRows implements RowSink {
  count = 0;
  types: Uint8Array<ArrayBuffer>;
  /** An index into the strings, or the index itself for element and hidden edges. */
  names: Uint32Array<ArrayBuffer>;
  /** The target node of the edge, as an ordinal. */
  to: Uint32Array<ArrayBuffer>;
  #capacity: number;

  constructor(
    private readonly layout: SnapshotLayout,
    bytes: number | null,
  ) {
    const capacity = firstCapacity(layout.edgeCount, layout.edgeWidth, bytes);
    this.#capacity = capacity;
    this.types = new Uint8Array(capacity);
    this.names = new Uint32Array(capacity);
    this.to = new Uint32Array(capacity);
  }

  row(row: Float64Array, offset: number): void {
    const { layout } = this;
    const at = this.count;
    if (at === this.#capacity) this.#grow(offset);
    const type = row[layout.edgeType]!;
    const name = row[layout.edgeName]!;
    const to = row[layout.edgeTo]! / layout.nodeWidth;
    if (type < 0 || type >= layout.edgeTypes.length) {
      throw outside('the type of an edge', type, layout.edgeTypes.length, offset);
    }
    if (name < 0 || name > MAX_UINT32) throw outside('the name of an edge', name, MAX_UINT32, offset);
    if (to < 0 || to >= layout.nodeCount || to !== Math.floor(to)) {
      throw outside('the target of an edge', to, layout.nodeCount, offset);
    }
    this.types[at] = type;
    this.names[at] = name;
    this.to[at] = to;
    this.count = at + 1;
  }

  end(offset: number): void {
    const stated = this.layout.edgeCount;
    if (this.count !== stated) {
      const text = `"edges" has ${this.count} rows, but the snapshot states ${stated}`;
      throw new HeapSnapshotError('HEAP_COUNTS', text, offset);
    }
    this.#resize(this.count);
  }

  #grow(offset: number): void {
    if (this.count === this.layout.edgeCount) throw surplus('edges', this.count, offset);
    this.#resize(nextCapacity(this.#capacity, this.layout.edgeCount));
  }

  #resize(capacity: number): void {
    this.#capacity = capacity;
    this.types = resized(this.types, capacity);
    this.names = resized(this.names, capacity);
    this.to = resized(this.to, capacity);
  }
}
