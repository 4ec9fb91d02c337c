import {
  type AccumulationPoint,
  accumulationPoints,
  type Baseline,
  classOf,
  gainOf,
  type Heap,
  newRetainedSizes,
  ownerPath,
} from '../../heap/index.js';
import type { Note, UnnamedRetainer } from '../model/notes.js';
import { accumulationAt } from './accumulation.js';

type UnnamedNote = Extract<Note, { code: 'unnamed-retainer' }>;

const MOST_NAMED = 3;

/**
 * The largest retainers that are no suspects, because no path from the program leads to them, with their share of the heap
 * or, with an earlier snapshot, of what grew since. Null if none has `minShare`. Roots are not counted, because they
 * retain everything.
 *
 * @param minShare 0 to 1
 */
export function largestUnnamed(heap: Heap, before: Baseline | null, minShare: number): UnnamedNote | null {
  const total = heap.totalBytes - (before?.totalBytes ?? 0);
  const sizes = before === null ? heap.retainedSizes : newRetainedSizes(before, heap);
  const retainers = accumulationPoints(heap, { sizes, minShare, limit: 50 })
    .filter((point) => accumulationAt(heap, point, before !== null) === null)
    .map((point) => ({ point, bytes: bytesOf(heap, point, before) }))
    .filter(({ bytes }) => bytes >= minShare * total)
    .slice(0, MOST_NAMED)
    .map(({ point, bytes }) => retainerAt(heap, point, bytes / total));
  return retainers.length === 0 ? null : { code: 'unnamed-retainer', retainers };
}

/** What replaced older objects is new as well, and no gain. */
function bytesOf(heap: Heap, { kind, node, accumulatedBytes }: AccumulationPoint, before: Baseline | null) {
  return before === null || kind !== 'object'
    ? accumulatedBytes
    : Math.min(accumulatedBytes, gainOf(before, heap, node));
}

function retainerAt(heap: Heap, point: AccumulationPoint, share: number): UnnamedRetainer {
  const { kind, node, members, composition } = point;
  const [largest] = composition;
  const isOne = kind !== 'siblings' || largest === undefined;
  const example = isOne ? node : (members[0] ?? node);
  return {
    className: isOne ? classOf(heap, node) : largest.className,
    count: isOne ? 1 : largest.count,
    retainedBytes: isOne ? heap.retainedBytesOf(node) : largest.retainedBytes,
    share: Math.min(1, share),
    path: ownerPath(heap, example)?.text ?? '',
  };
}
