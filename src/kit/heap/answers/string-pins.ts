import { Heap } from '../heap.js';
import { NodeFacts, factsOf } from './node-facts.js';
import { Top } from './top.js';

export interface StringPin extends NodeFacts {
  /** `sliced`: slices retain the whole string. `concatenated`: an unflattened concatenation retains all its parts. */
  kind: 'sliced' | 'concatenated';
  /** Number of slices, or of parts. */
  pieces: number;
  /** The retained size of the string, in bytes. */
  pinnedBytes: number;
}

export interface StringPins {
  /** Bytes of the strings that only slices retain. */
  slicedBytes: number;
  /** Number of those strings. */
  slicedCount: number;
  largest: StringPin[];
}

/**
 * Finds strings that only a slice of them retains, and large strings that were not flattened. V8 stores
 * `big.slice(0, 20)` as a view of `big`, and `a + b` as a pair of strings until its characters are needed in a row. A
 * cache of short names may therefore retain every document that the names were cut from. A copy such as
 * `Buffer.from(piece).toString()` prevents that.
 */
export function stringPins(heap: Heap, options: { limit?: number } = {}): StringPins {
  const { graph, retainers } = heap;
  const sliced = graph.nodeType('sliced string');
  const concatenated = graph.nodeType('concatenated string');
  // Numbers only: the text of a string may have to be read from the file.
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
      const pinnedBytes = heap.retainedBytesOf(node);
      slicedBytes += pinnedBytes;
      slicedCount++;
      top.add({ node, kind: 'sliced', pinnedBytes });
    } else if (graph.types[node] === concatenated && !someOf(heap, first, end, concatenated)) {
      top.add({ node, kind: 'concatenated', pinnedBytes: heap.retainedBytesOf(node) });
    }
  }
  const largest = top.sorted().map(({ node, kind, pinnedBytes }) => {
    const pieces = kind === 'sliced' ? heap.retainersOf(node).length : partsOf(heap, node);
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

/** Counts the parts of an unflattened string, without recursion because chains are long. */
function partsOf(heap: Heap, node: number): number {
  const { graph } = heap;
  const internal = graph.edgeType('internal');
  const concatenated = graph.types[node];
  const pending = [node];
  const seen = new Set(pending);
  let parts = 0;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (graph.types[at] !== concatenated) {
      parts++;
      continue;
    }
    for (let edge = graph.edgeStart(at); edge < graph.edgeEnd(at); edge++) {
      const to = graph.targetOf(edge);
      if (graph.edgeKinds[edge] !== internal || !graph.typeOf(to).endsWith('string') || seen.has(to))
        continue;
      seen.add(to);
      pending.push(to);
    }
  }
  return parts;
}
