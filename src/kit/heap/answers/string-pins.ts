import { Heap } from '../heap.js';
import { NodeFacts, factsOf } from './node-facts.js';
import { Top } from './top.js';

export interface StringPin extends NodeFacts {
  /** `sliced`: a piece keeps the whole. `concatenated`: an unflattened chain keeps all its parts. */
  kind: 'sliced' | 'concatenated';
  /** How many slices, or parts. */
  pieces: number;
  /** The bytes that only these pieces keep. */
  pinnedBytes: number;
}

export interface StringPins {
  /** All bytes pinned by slices alone, and the number of strings so kept. */
  slicedBytes: number;
  slicedCount: number;
  largest: StringPin[];
}

/**
 * Strings that are alive only because a piece of them is. V8 keeps `big.slice(0, 20)` as a view of
 * `big`, and `a + b` as a pair, until something needs the characters in a row: a cache of short names
 * may hold every document they were cut from. The cure is a copy, such as
 * `Buffer.from(piece).toString()`.
 */
export function stringPins(heap: Heap, options: { limit?: number } = {}): StringPins {
  const { graph, retainers } = heap;
  const sliced = graph.nodeType('sliced string');
  const concatenated = graph.nodeType('concatenated string');
  // Only numbers here: the text of a string may have to be read from the file.
  const top = new Top<Pinned>(options.limit ?? 10, (pin) => pin.pinnedBytes);
  let slicedBytes = 0;
  let slicedCount = 0;
  const isString = graph.nodeTypes.map((type) => type.endsWith('string'));
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!isString[graph.types[node]!]) continue;
    const first = retainers.first[node]!;
    const end = retainers.first[node + 1]!;
    if (first === end) continue;
    if (allOf(heap, first, end, sliced)) {
      const pinnedBytes = heap.retainedSizes[node]!;
      slicedBytes += pinnedBytes;
      slicedCount++;
      top.add({ node, kind: 'sliced', pinnedBytes });
    } else if (graph.types[node] === concatenated && !someOf(heap, first, end, concatenated)) {
      top.add({ node, kind: 'concatenated', pinnedBytes: heap.retainedSizes[node]! });
    }
  }
  const largest = top.sorted().map(({ node, kind, pinnedBytes }) => {
    const pieces =
      kind === 'sliced' ? retainers.first[node + 1]! - retainers.first[node]! : partsOf(heap, node);
    return Object.assign(factsOf(heap, node), { kind, pieces, pinnedBytes });
  });
  return { slicedBytes, slicedCount, largest };
}

type Pinned = Pick<StringPin, 'node' | 'kind' | 'pinnedBytes'>;

function allOf(heap: Heap, first: number, end: number, type: number): boolean {
  for (let at = first; at < end; at++) if (heap.graph.types[heap.retainers.from[at]!] !== type) return false;
  return true;
}

function someOf(heap: Heap, first: number, end: number, type: number): boolean {
  for (let at = first; at < end; at++) if (heap.graph.types[heap.retainers.from[at]!] === type) return true;
  return false;
}

/** The strings that an unflattened one is made of, counted without recursion: chains are long. */
function partsOf(heap: Heap, node: number): number {
  const { graph } = heap;
  const internal = graph.edgeType('internal');
  const concatenated = graph.types[node]!;
  const pending = [node];
  const seen = new Set(pending);
  let parts = 0;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (graph.types[at] !== concatenated) {
      parts++;
      continue;
    }
    for (let edge = graph.firstEdge[at]!; edge < graph.firstEdge[at + 1]!; edge++) {
      const to = graph.edgeTo[edge]!;
      if (graph.edgeKinds[edge] !== internal || !graph.typeOf(to).endsWith('string') || seen.has(to))
        continue;
      seen.add(to);
      pending.push(to);
    }
  }
  return parts;
}
