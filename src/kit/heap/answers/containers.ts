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
  /** The class that the program gave it, such as `LruMap extends Map`; otherwise equal to the kind. */
  className: string;
  /** Entries; for an ArrayBuffer its bytes. */
  entries: number;
  precision: Precision;
  capacity: number;
  retainedBytes: number;
}

export interface ContainerGroup {
  kind: ContainerKind;
  /** How many containers of the kind there are. */
  count: number;
  largest: Container[];
}

/** Fewer own properties than this are a record, not a dictionary. */
const MIN_DICTIONARY_ENTRIES = 32;

/**
 * The containers with the most entries, kind by kind: what the program put in, not what V8 keeps for
 * it. Buffers and typed arrays are found by the ArrayBuffer under them, by its bytes.
 */
export function containers(heap: Heap, options: { limit?: number } = {}): ContainerGroup[] {
  const { graph } = heap;
  const limit = options.limit ?? 10;
  const tops = new Map(
    CONTAINER_KINDS.map((kind) => [kind, new Top<Found>(limit, (found) => found.entries)]),
  );
  const counts = new Map<ContainerKind, number>();
  const object = graph.nodeType('object');
  const classify = classifier(graph);
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.types[node] !== object) continue;
    const found = classify(node);
    if (found === null) continue;
    counts.set(found.kind, (counts.get(found.kind) ?? 0) + 1);
    tops.get(found.kind)!.add(found);
  }
  return CONTAINER_KINDS.map((kind) => ({
    kind,
    count: counts.get(kind) ?? 0,
    largest: tops
      .get(kind)!
      .sorted()
      .map((found) => described(heap, found)),
  }));
}

/** What a node is as a container; null for one that is none. */
export function containerAt(heap: Heap, node: number): Container | null {
  const found = heap.graph.typeOf(node) === 'object' ? classifier(heap.graph)(node) : null;
  return found === null ? null : described(heap, found);
}

/** The largest of every kind that has entries, together. ArrayBuffers are measured in bytes and left out. */
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
    id: heap.graph.ids[found.node]!,
    className: heap.graph.nameOf(found.node),
    retainedBytes: heap.retainedSizes[found.node]!,
  });
}

type Found = Pick<Container, 'kind' | 'node' | 'entries' | 'precision' | 'capacity'>;

/** What a node is as a container, or null. One look at its edges decides, by names known in advance. */
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
      // Numbers as values leave no edges at the object; its store still has the keys.
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
  const size = graph.selfSizes[tableNode]!;
  const table = orderedTable(size);
  if (table !== null) return { kind: table.kind, node, ...countOrdered(graph, tableNode, table) };
  const capacity = weakTableCapacity(size);
  if (capacity === null) return null;
  return { kind: weakKind(graph, node), node, ...countWeak(graph, tableNode, capacity) };
}

/** A WeakSet is a WeakMap to V8. Its own name, or that of a prototype above a subclass, tells. */
function weakKind(graph: HeapGraph, node: number): 'WeakMap' | 'WeakSet' {
  let at = node;
  for (let depth = 0; depth < 8 && at >= 0; depth++) {
    const name = graph.nameOf(at);
    if (name === 'WeakSet' || name === 'WeakMap') return name;
    at = graph.follow(at, 'property', '__proto__');
  }
  return 'WeakMap';
}
