import { adviceFor } from '../../advice/index.js';
import { type Baseline, gainOf, type Heap, newRetainedSizes } from '../../heap/index.js';
import type { AtSnapshot, Suspect } from '../model/result.js';
import { dominates, type Found, FEWEST_SHARE, foundIn, suspectOf } from './suspects.js';

/** What is compared over the snapshots: a large share of one step may be a small one of all. */
const FEWEST_KEPT = 0.02;

/**
 * What grew since the first of several snapshots of one process, or since the last but one, with what each was at every
 * snapshot. Objects are the same ones by V8's ids.
 *
 * @param earlier the snapshots before `heap`, the oldest first
 */
export function suspectsById(heap: Heap, earlier: readonly Baseline[]): Suspect[] {
  const gains = earlier.map((before) => gainsSince(heap, before));
  const total = growthOver(
    heap.totalBytes,
    earlier.map(({ totalBytes }) => totalBytes),
  );
  const found = new Map<number, Found>();
  for (const before of new Set([earlier[0], earlier.at(-1)]))
    for (const one of before === undefined ? [] : foundIn(heap, before, FEWEST_SHARE, FEWEST_KEPT)) {
      const bytes = before === earlier[0] ? one.bytes : (gains[0]?.(one) ?? one.bytes);
      const { retainer } = one.accumulation;
      const isKnown = [...found.keys()].some(
        (other) => dominates(heap, other, retainer) || dominates(heap, retainer, other),
      );
      if (before === earlier[0] || !isKnown) found.set(retainer, { ...one, bytes });
    }
  return [...found.values()].map((one): Suspect => {
    const suspect = suspectOf(heap, one, { total, compared: earlier.length + 1 });
    const { container } = one.accumulation;
    const retainedBytes = suspect.retainedBytes ?? 0;
    const before = earlier.map((baseline, at): AtSnapshot => {
      const known = container === null ? undefined : (baseline.entries.get(container.id) ?? 0);
      const gained = at === 0 ? one.bytes : (gains[at]?.(one) ?? 0);
      return { entries: known ?? null, retainedBytes: Math.max(0, retainedBytes - gained) };
    });
    const last = { entries: container?.entries ?? null, retainedBytes };
    return withSnapshots(suspect, [...before, last]);
  });
}

/** A suspect with what it was at each snapshot. Its advice follows from that. */
export function withSnapshots(suspect: Suspect, inSnapshots: AtSnapshot[]): Suspect {
  const [first, last] = [inSnapshots[0]?.entries ?? null, inSnapshots.at(-1)?.entries ?? null];
  const sameEntries = first !== null && last !== null && first > 0 && last <= first;
  const { kind, type, bound, sampleKeys: keys } = suspect;
  const advice = sameEntries ? adviceFor({ kind, type, bound, keys, sameEntries }) : suspect.advice;
  return { ...suspect, inSnapshots, advice };
}

/** By how much a heap grew since the smallest of several snapshots, in bytes; 1 where it did not. */
export function growthOver(lastBytes: number, earlierBytes: readonly number[]): number {
  return Math.max(1, lastBytes - Math.min(...earlierBytes));
}

/** What an accumulation gained since a snapshot, whether or not that one is the point where it was found. */
function gainsSince(heap: Heap, before: Baseline): (found: Found) => number {
  let sizes: ReturnType<typeof newRetainedSizes> | null = null;
  const newBytesOf = (node: number): number => (sizes ??= newRetainedSizes(before, heap))[node] ?? 0;
  return ({ accumulation: { point, retainer, isWhole } }) => {
    if (point.kind === 'object') return gainOf(before, heap, isWhole ? retainer : point.node);
    const [first] = point.members;
    if (point.kind === 'chain') return first === undefined ? 0 : newBytesOf(first);
    const name = point.composition[0]?.className;
    let bytes = 0;
    for (const child of heap.dominated.children(point.node))
      if (heap.classes.name(heap.classes.of(child)) === name) bytes += newBytesOf(child);
    return bytes;
  };
}
