import { countElements, countProperties } from '../collections/dictionary.js';
import { Precision, countOrdered, orderedTable } from '../collections/ordered-table.js';
import { countWeak, weakTableCapacity } from '../collections/weak-table.js';
import { HeapGraph } from '../graph/heap-graph.js';
import { Heap } from '../heap.js';
import { Top } from './top.js';

export const CONTAINER_KINDS = [
  'Map',
  'Set',
  'Array',
  'Object',
  'WeakMap',
  'WeakSet',
  'ArrayBuffer',
] as const;
export type ContainerKind = (typeof CONTAINER_KINDS)[number];

export interface Container {
  kind: ContainerKind;
  node: number;
  id: number;
  /** The name of its class: that of a subclass such as `LruMap extends Map`, otherwise that of the kind. */
  className: string;
  /** Entries; for an ArrayBuffer its bytes. */
  entries: number;
  precision: Precision;
  /** Entries, or bytes of an ArrayBuffer, that fit without growing. */
  capacity: number;
  retainedBytes: number;
}

export interface ContainerGroup {
  kind: ContainerKind;
  /** How many containers of the kind there are. */
  count: number;
  largest: Container[];
}

/** An object with fewer properties is taken for a record, not for a dictionary. */
const MIN_DICTIONARY_ENTRIES = 32;

/**
 * The containers with the most entries, by kind. Buffers and typed arrays are counted as their ArrayBuffer, which is
 * ordered by bytes.
 */
export function containers(heap: Heap, options: { limit?: number } = {}): ContainerGroup[] {
  const { graph } = heap;
  const limit = options.limit ?? 10;
  const groups = CONTAINER_KINDS.map((kind) => ({
    kind,
    count: 0,
    top: new Top<Found>(limit, (found) => found.entries),
  }));
  const byKind = new Map(groups.map((group) => [group.kind, group]));
  const object = graph.nodeType('object');
  const classify = classifier(graph);
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.types[node] !== object) continue;
    const found = classify(node);
    const group = found === null ? undefined : byKind.get(found.kind);
    if (found === null || group === undefined) continue;
    group.count++;
    group.top.add(found);
  }
  return groups.map(({ kind, count, top }) => ({
    kind,
    count,
    largest: top.sorted().map((found) => described(heap, found)),
  }));
}

/** A node as a container, or null if it is none. */
export function containerAt(heap: Heap, node: number): Container | null {
  const found = heap.graph.typeOf(node) === 'object' ? classifier(heap.graph)(node) : null;
  return found === null ? null : described(heap, found);
}

/** The containers with the most entries, of all kinds but ArrayBuffer, whose size is in bytes. */
export function largestContainers(heap: Heap, options: { limit?: number } = {}): Container[] {
  const limit = options.limit ?? 10;
  return containers(heap, { limit })
    .filter(({ kind }) => kind !== 'ArrayBuffer')
    .flatMap(({ largest }) => largest)
    .toSorted((a, b) => b.entries - a.entries)
    .slice(0, limit);
}

function described(heap: Heap, found: Found): Container {
  return Object.assign(found, {
    id: heap.graph.idOf(found.node),
    className: heap.graph.nameOf(found.node),
    retainedBytes: heap.retainedBytesOf(found.node),
  });
}

type Found = Pick<Container, 'kind' | 'node' | 'entries' | 'precision' | 'capacity'>;

/** Tells what kind of container a node is, in one pass over its edges, with the names looked up in advance. */
function classifier(graph: HeapGraph): (node: number) => Found | null {
  const { firstEdge, edgeKinds, edgeNames, edgeTo, names, strings } = graph;
  const internal = graph.edgeType('internal');
  const tableName = strings.indexOf('table');
  const bytesName = strings.indexOf('backing_store');
  const storeName = strings.indexOf('properties');
  const array = graph.nodeType('array');
  const arrayName = strings.indexOf('Array');
  return (node) => {
    const end = firstEdge[node + 1]!;
    let mayBeDictionary = end - firstEdge[node]! >= MIN_DICTIONARY_ENTRIES;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      if (edgeKinds[edge] !== internal) continue;
      // Properties whose values are numbers have no edges; the store still has edges to the keys.
      if (edgeNames[edge] === storeName && graph.types[edgeTo[edge]!] === array) mayBeDictionary = true;
      if (edgeNames[edge] === tableName) return collection(graph, node, edgeTo[edge]!);
      if (edgeNames[edge] === bytesName) {
        const bytes = graph.selfSizes[edgeTo[edge]!]!;
        return { kind: 'ArrayBuffer', node, entries: bytes, precision: 'exact', capacity: bytes };
      }
    }
    if (names[node] === arrayName) return { kind: 'Array', node, ...countElements(graph, node) };
    if (!mayBeDictionary) return null;
    const count = countProperties(graph, node);
    return count.entries < MIN_DICTIONARY_ENTRIES ? null : { kind: 'Object', node, ...count };
  };
}

function collection(graph: HeapGraph, node: number, tableNode: number): Found | null {
  if (graph.typeOf(tableNode) !== 'array') return null;
  const size = graph.selfBytesOf(tableNode);
  const table = orderedTable(size);
  if (table !== null) return { kind: table.kind, node, ...countOrdered(graph, tableNode, table) };
  const capacity = weakTableCapacity(size);
  if (capacity === null) return null;
  return { kind: weakKind(graph, node), node, ...countWeak(graph, tableNode, capacity) };
}

/** V8 stores a WeakSet like a WeakMap. Its class, or for a subclass the name of a prototype, tells them apart. */
function weakKind(graph: HeapGraph, node: number): 'WeakMap' | 'WeakSet' {
  let at = node;
  for (let depth = 0; depth < 8 && at >= 0; depth++) {
    const name = graph.nameOf(at);
    if (name === 'WeakSet' || name === 'WeakMap') return name;
    at = graph.follow(at, 'property', '__proto__');
  }
  return 'WeakMap';
}
