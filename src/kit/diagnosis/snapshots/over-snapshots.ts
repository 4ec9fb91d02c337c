import { adviceFor } from '../../advice/index.js';
import {
  type Baseline,
  gainOf,
  type Heap,
  nativeRetainedSizes,
  newRetainedSizes,
  type Turnover,
  turnoverOf,
} from '../../heap/index.js';
import type { AtSnapshot, RuledOut, RuledOutReason, Suspect } from '../model/result.js';
import { dominates, type Found, FEWEST_SHARE, foundIn, suspectOf } from './suspects.js';

/** Of what came: where so much went, it is no growth of this owner. Of a leak some entries may be deleted. */
const TURNED_OVER = 0.5;
/** The same for what replaced another: under a load that becomes faster, more comes than went, until the oldest go. */
const REPLACED = 0.2;
/** What is compared over the snapshots: a large share of one step may be a small one of all. */
const FEWEST_KEPT = 0.02;

/** What grew over snapshots, and what only replaced what it had. */
export interface OverSnapshots {
  suspects: Suspect[];
  ruledOut: RuledOut[];
}

/**
 * What grew since the first of several snapshots of one process, or since the last but one, with what each was at every
 * snapshot. Objects are the same ones by V8's ids.
 *
 * @param earlier the snapshots before `heap`, the oldest first
 */
export function suspectsById(heap: Heap, earlier: readonly Baseline[]): OverSnapshots {
  const gains = earlier.map((before) => gainsSince(heap, before));
  const total = growthOver(
    heap.totalBytes,
    earlier.map(({ totalBytes }) => totalBytes),
  );
  const [first] = earlier;
  const reasonOf = first ? turnoversSince(heap, first) : () => null;
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
  const all = [...found.values()].map((one) => {
    const suspect = suspectOf(heap, one, { total, compared: earlier.length + 1 });
    const { container } = one.accumulation;
    const retainedBytes = suspect.retainedBytes ?? 0;
    const before = earlier.map((baseline, at): AtSnapshot => {
      const known = container === null ? undefined : (baseline.entries.get(container.id) ?? 0);
      const gained = at === 0 ? one.bytes : (gains[at]?.(one) ?? 0);
      return { entries: known ?? null, retainedBytes: Math.max(0, retainedBytes - gained) };
    });
    const last = { entries: container?.entries ?? null, retainedBytes };
    return { suspect: withSnapshots(suspect, [...before, last]), reason: reasonOf(one) };
  });
  return {
    suspects: all.flatMap(({ suspect, reason }) => (reason === null ? [suspect] : [])),
    ruledOut: all.flatMap(({ suspect, reason }) => (reason === null ? [] : [{ ...suspect, reason }])),
  };
}

/** Why what grew since a snapshot did not: most of what came only replaced what went. */
function turnoversSince(heap: Heap, before: Baseline): (found: Found) => RuledOutReason | null {
  let sizes: Parameters<typeof turnoverOf>[3] | null = null;
  return ({ accumulation: { retainer }, bytes }) => {
    sizes ??= { added: newRetainedSizes(before, heap), native: nativeRetainedSizes(heap) };
    const turnover = turnoverOf(before, heap, retainer, sizes);
    if (turnover === null) return null;
    const { cameBytes, wentBytes } = turnover;
    return isTurnedOver(turnover, bytes) ? { code: 'turns-over', cameBytes, wentBytes } : null;
  };
}

/**
 * Whether what went makes up for what came. A container of whose entries others retain most has neither, and says nothing.
 *
 * @param gainedBytes of the accumulation that it stands for
 */
export function isTurnedOver(
  { cameBytes, wentBytes, isReplacement }: Turnover,
  gainedBytes: number,
): boolean {
  return cameBytes >= gainedBytes / 2 && wentBytes >= (isReplacement ? REPLACED : TURNED_OVER) * cameBytes;
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
