import { HeapSnapshotError } from '../errors.js';
import { WideArray } from '../read/columns.js';
import { SnapshotParts } from '../read/document.js';
import { LocationRows, SourceLocation } from '../read/location-rows.js';
import { StringTable } from '../read/string-table.js';

/** The types of node that the engine treats differently; a snapshot may know others. */
export type NodeTypeName =
  | 'hidden'
  | 'array'
  | 'string'
  | 'object'
  | 'code'
  | 'closure'
  | 'native'
  | 'synthetic'
  | 'concatenated string'
  | 'sliced string';

export type EdgeTypeName = 'context' | 'element' | 'property' | 'internal' | 'hidden' | 'shortcut' | 'weak';

/**
 * A heap snapshot as columns. A node is an ordinal 0 … nodeCount - 1, an edge an ordinal
 * 0 … edgeCount - 1, and the edges of node n are firstEdge[n] … firstEdge[n + 1] - 1. Ids (`@123`) are
 * V8's own, equal in two snapshots of one process.
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
  /** Own size of each node as V8 wrote it, in bytes. */
  readonly selfSizes: WideArray;
  readonly firstEdge: Uint32Array;
  readonly edgeKinds: Uint8Array;
  readonly edgeNames: Uint32Array;
  readonly edgeTo: Uint32Array;
  readonly strings: StringTable;
  readonly extraNativeBytes: number;
  /** Size of the snapshot itself. */
  readonly snapshotBytes: number;
  readonly #locations: LocationRows;
  readonly #indexed: readonly boolean[];

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
    this.extraNativeBytes = layout.extraNativeBytes;
    this.snapshotBytes = parts.bytes;
    this.#locations = parts.locations;
    this.#indexed = layout.edgeTypes.map((type) => type === 'element' || type === 'hidden');
    this.#checkNames();
  }

  /** The number that stands for a type in this snapshot; -1 when it has no such type. */
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
    return this.strings.get(this.names[node]!);
  }

  /** True when an edge's name is an index (element, hidden) and not a string. */
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

  /** Where the function, or the constructor of the object, was written. */
  locationOf(node: number): SourceLocation | null {
    return this.#locations.of(node);
  }

  /** The node with V8's id; throws HEAP_NO_SUCH_NODE. */
  nodeById(id: number): number {
    const node = this.findById(id);
    if (node >= 0) return node;
    throw new HeapSnapshotError('HEAP_NO_SUCH_NODE', `no object has the id @${id}`);
  }

  /** The node with V8's id, or -1. Nothing is indexed: a scan of one column is fast enough. */
  findById(id: number): number {
    return this.ids.indexOf(id);
  }

  /** The target of the first edge of that type and name, or -1. Not for slots, whose names are numbers. */
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

  /** The node that an edge comes from, by halving over firstEdge. */
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
