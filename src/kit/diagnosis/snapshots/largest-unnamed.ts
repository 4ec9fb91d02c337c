import { type Baseline, type Heap, classOf, gainOf, isRoot, newRetainedSizes } from '../../heap/index.js';
import type { Note } from '../model/notes.js';

type UnnamedRetainer = Extract<Note, { code: 'unnamed-retainer' }>;

/**
 * The object with the largest retained size, for a snapshot in which no suspect could be named. Null if it retains less
 * than `minShare` of the heap. Roots are not counted, because they retain everything.
 *
 * @param minShare 0 to 1
 */
export function largestUnnamed(heap: Heap, minShare: number): UnnamedRetainer | null {
  const largest = largestBy(heap, heap.retainedSizes);
  if (largest < 0) return null;
  const note = noteOn(heap, largest);
  return note.share < minShare ? null : note;
}

/**
 * The object that gained most since an earlier snapshot, where no suspect could be named. Null if it gained less than
 * `minShare` of the growth.
 *
 * @param minShare 0 to 1
 */
export function largestUnnamedGain(heap: Heap, before: Baseline, minShare: number): UnnamedRetainer | null {
  const largest = largestBy(heap, newRetainedSizes(before, heap));
  if (largest < 0) return null;
  // What replaced older objects is new as well, and no gain.
  const gained = gainOf(before, heap, largest);
  return gained < minShare * (heap.totalBytes - before.totalBytes) ? null : noteOn(heap, largest);
}

function noteOn(heap: Heap, node: number): UnnamedRetainer {
  const retainedBytes = heap.retainedBytesOf(node);
  return {
    code: 'unnamed-retainer',
    className: classOf(heap, node),
    retainedBytes,
    share: retainedBytes / heap.totalBytes,
  };
}

/** The node with the largest size that is no root; -1 if all have size zero. */
function largestBy(heap: Heap, sizes: Iterable<number>): number {
  let largest = -1;
  let most = 0;
  let node = -1;
  for (const bytes of sizes) {
    node += 1;
    // The size is compared first: telling a root reads its name.
    if (bytes <= most || isRoot(heap, node)) continue;
    largest = node;
    most = bytes;
  }
  return largest;
}
