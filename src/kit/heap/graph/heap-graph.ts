import { HeapSnapshotError } from '../errors.js';
import { WideArray } from '../read/columns.js';
import { AllocationTraces } from '../read/allocation-traces.js';
import { SnapshotParts } from '../read/document.js';
import { LocationRows, SourceLocation } from '../read/location-rows.js';
import { StringTable } from '../read/string-table.js';

/** The node types that the engine distinguishes. A snapshot may have others. */
export type NodeTypeName =
  | 'hidden'
  | 'array'
  | 'string'
  | 'object'
  | 'code'
  | 'closure'
  | 'native'
  | 'number'
  | 'synthetic'
  | 'concatenated string'
  | 'sliced string';

export type EdgeTypeName = 'context' | 'element' | 'property' | 'internal' | 'hidden' | 'shortcut' | 'weak';

/**
 * A heap snapshot as columns. A node is an ordinal 0 … nodeCount - 1, an edge is an ordinal 0 … edgeCount - 1, and the
 * edges of node n are firstEdge[n] … firstEdge[n + 1] - 1. Ids (`@123`) are V8's own, and are equal in two snapshots of
 * one process. The accessors take ordinals of this graph and do not check them.
 */
export class HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly root: number;
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly types: Uint8Array;
  readonly names: Uint32Array;
  readonly ids: WideArray;
  /** Size of each node alone, as V8 wrote it, in bytes. */
  readonly selfSizes: WideArray;
  readonly firstEdge: Uint32Array;
  readonly edgeKinds: Uint8Array;
  readonly edgeNames: Uint32Array;
  readonly edgeTo: Uint32Array;
  readonly strings: StringTable;
  readonly extraNativeBytes: number;
  /** Which call stack allocated which node; null if the snapshot was written without allocation tracking. */
  readonly traces: AllocationTraces | null;
  /** Size of the snapshot file or stream, in bytes. */
  readonly snapshotBytes: number;
  readonly #locations: LocationRows;
  readonly #indexed: readonly boolean[];
  readonly #stringType: number;

  constructor(parts: SnapshotParts) {
    const { layout, nodes, edges, strings } = parts;
    this.nodeCount = nodes.count;
    this.edgeCount = edges.count;
    this.root = layout.rootIndex / layout.nodeWidth;
    if (!Number.isInteger(this.root) || this.root < 0 || this.root >= nodes.count) {
      throw new HeapSnapshotError('HEAP_RANGE', `root_index ${layout.rootIndex} is not a node`);
    }
    this.nodeTypes = layout.nodeTypes;
    this.edgeTypes = layout.edgeTypes;
    this.types = nodes.types;
    this.names = nodes.names;
    this.ids = nodes.ids;
    this.selfSizes = nodes.selfSizes;
    this.firstEdge = nodes.firstEdge;
    this.edgeKinds = edges.types;
    this.edgeNames = edges.names;
    this.edgeTo = edges.to;
    this.strings = strings;
    this.traces = parts.traces;
    this.extraNativeBytes = layout.extraNativeBytes;
    this.snapshotBytes = parts.bytes;
    this.#locations = parts.locations;
    this.#indexed = layout.edgeTypes.map((type) => type === 'element' || type === 'hidden');
    this.#stringType = layout.nodeTypes.indexOf('string');
    this.#checkNames();
  }

  /** The number of a node type in this snapshot; -1 if the snapshot has no such type. */
  nodeType(name: NodeTypeName): number {
    return this.nodeTypes.indexOf(name);
  }

  edgeType(name: EdgeTypeName): number {
    return this.edgeTypes.indexOf(name);
  }

  typeOf(node: number): string {
    return this.nodeTypes[this.types[node]!]!;
  }

  nameOf(node: number): string {
    const name = this.names[node]!;
    return this.types[node] === this.#stringType ? this.strings.valueAt(name) : this.strings.get(name);
  }

  idOf(node: number): number {
    return this.ids[node]!;
  }

  /** Size of a node alone, as V8 wrote it, in bytes. */
  selfBytesOf(node: number): number {
    return this.selfSizes[node]!;
  }

  /** The first edge of a node. */
  edgeStart(node: number): number {
    return this.firstEdge[node]!;
  }

  /** The edge after the last edge of a node. */
  edgeEnd(node: number): number {
    return this.firstEdge[node + 1]!;
  }

  /** The node that an edge leads to. */
  targetOf(edge: number): number {
    return this.edgeTo[edge]!;
  }

  /** The number that names an edge: an index into the strings, or the index itself for element and hidden edges. */
  nameNumberOf(edge: number): number {
    return this.edgeNames[edge]!;
  }

  /** Whether the name of an edge is an index (element, hidden) instead of a string. */
  isIndexed(edge: number): boolean {
    return this.#indexed[this.edgeKinds[edge]!]!;
  }

  edgeName(edge: number): string {
    const name = this.edgeNames[edge]!;
    return this.isIndexed(edge) ? String(name) : this.strings.get(name);
  }

  edgeTypeOf(edge: number): string {
    return this.edgeTypes[this.edgeKinds[edge]!]!;
  }

  /** The place in the source of a function, or of the constructor of an object; null where V8 does not give it. */
  locationOf(node: number): SourceLocation | null {
    return this.#locations.of(node);
  }

  /**
   * The node with V8's id.
   *
   * @throws HeapSnapshotError HEAP_NO_SUCH_NODE
   */
  nodeById(id: number): number {
    const node = this.findById(id);
    if (node >= 0) return node;
    throw new HeapSnapshotError('HEAP_NO_SUCH_NODE', `no object has the id @${id}`);
  }

  /** The node with V8's id, or -1. It scans the column of ids, which is fast enough for single look-ups. */
  findById(id: number): number {
    return this.ids.indexOf(id);
  }

  /** The target of a node's first edge of that type and name, or -1. It cannot find table slots, whose names are numbers. */
  follow(node: number, type: 'property' | 'internal' | 'context', name: string): number {
    const kind = this.edgeType(type);
    const wanted = this.strings.indexOf(name);
    if (wanted < 0) return -1;
    const end = this.firstEdge[node + 1]!;
    for (let edge = this.firstEdge[node]!; edge < end; edge++) {
      if (this.edgeNames[edge] === wanted && this.edgeKinds[edge] === kind) return this.edgeTo[edge]!;
    }
    return -1;
  }

  /** The node that an edge starts from, by binary search in firstEdge. */
  sourceOf(edge: number): number {
    let low = 0;
    let high = this.nodeCount;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.firstEdge[middle]! <= edge) low = middle;
      else high = middle;
    }
    return low;
  }

  #checkNames(): void {
    const { count } = this.strings;
    for (let node = 0; node < this.nodeCount; node++) {
      if (this.names[node]! >= count) throw this.#noString(`node ${node}`, this.names[node]!);
    }
    for (let edge = 0; edge < this.edgeCount; edge++) {
      if (this.edgeNames[edge]! >= count && !this.isIndexed(edge)) {
        throw this.#noString(`edge ${edge}`, this.edgeNames[edge]!);
      }
    }
  }

  #noString(owner: string, name: number): HeapSnapshotError {
    const text = `${owner} is named by string ${name} of ${this.strings.count}`;
    return new HeapSnapshotError('HEAP_RANGE', text, this.snapshotBytes);
  }
}
