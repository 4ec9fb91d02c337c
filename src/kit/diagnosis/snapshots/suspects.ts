import { kindOf } from '../../advice/index.js';
import {
  type Baseline,
  type Heap,
  accumulationPoints,
  gainOf,
  keysOf,
  newRetainedSizes,
} from '../../heap/index.js';
import { IDLE_DRIFT_BYTES } from '../../verdict/index.js';
import { ranked, suspectFrom } from '../naming/index.js';
import type { Suspect } from '../model/result.js';
import { type Accumulation, accumulationAt, merged } from './accumulation.js';
import { boundSignOf } from './bound-signs.js';
import { contentsText } from './contents-text.js';
import { isOfNode, isWithoutOwner, namesOf, typeOf } from './suspect-names.js';

/**
 * The smallest share of the heap, or of the growth, that makes a suspect. Eclipse MAT uses a tenth. In a Node process much
 * of the heap is compiled code and Node itself, so that a twentieth may be a fifth of what the program retains.
 */
export const FEWEST_SHARE = 0.05;
const MOST_SUSPECTS = 5;
/** Where smaller ones are wanted, to be matched with another snapshot. */
const MOST_MATCHED = 25;
const KEYS_SHOWN = 8;
const PLACES_SHOWN = 3;

/** An accumulation of a snapshot, with its retained size or, with an earlier snapshot, what it gained since. */
export interface Found {
  accumulation: Accumulation;
  bytes: number;
}

/** The suspects of one snapshot, ranked by retained size. `minShare` is their smallest share of the heap, 0 to 1. */
export function suspectsIn(heap: Heap, minShare = FEWEST_SHARE): Suspect[] {
  return ranked(
    foundIn(heap, null, minShare).map((found) => suspectOf(heap, found, { total: heap.totalBytes })),
  );
}

/**
 * The accumulations of a snapshot, the largest first, or those since an earlier one. With an earlier one and a growth
 * below the drift of an idle process there are none.
 *
 * @param minShare the smallest share of heap or growth, 0 to 1, of what is looked for
 * @param kept the smallest of what is returned: a variable of a file is found with less
 */
export function foundIn(heap: Heap, before: Baseline | null, minShare: number, kept = minShare): Found[] {
  const total = before === null ? heap.totalBytes : heap.totalBytes - before.totalBytes;
  if (before !== null && total < IDLE_DRIFT_BYTES) return [];
  const sizes = before === null ? heap.retainedSizes : newRetainedSizes(before, heap);
  const found = accumulationPoints(heap, { sizes, minShare, limit: 50 }).flatMap(
    (point) => accumulationAt(heap, point, before !== null) ?? [],
  );
  const all = merged(heap, found);
  return all
    .map((accumulation) => ({ accumulation, bytes: bytesOf(heap, accumulation, all, before) }))
    .filter(({ bytes }) => bytes >= kept * total)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, kept < FEWEST_SHARE ? MOST_MATCHED : MOST_SUSPECTS);
}

/**
 * The bytes of an accumulation. If its retainer alone retains it, that is the retained size (or gain) of the retainer,
 * which includes its table. If the retainer dominates another accumulation, that one would be counted twice, so that it
 * is the bytes at the point.
 */
function bytesOf(
  heap: Heap,
  one: Accumulation,
  all: readonly Accumulation[],
  before: Baseline | null,
): number {
  const measure = (node: number): number =>
    before === null ? heap.retainedBytesOf(node) : gainOf(before, heap, node);
  if (one.isWhole && !all.some((other) => other !== one && dominates(heap, one.retainer, other.retainer))) {
    return measure(one.retainer);
  }
  return one.point.kind === 'object' ? Math.min(one.bytes, measure(one.point.node)) : one.bytes;
}

export function dominates(heap: Heap, above: number, node: number): boolean {
  let at = node;
  while (at !== above && at !== heap.graph.root) at = heap.dominatorOf(at);
  return at === above;
}

/**
 * A suspect for an accumulation.
 *
 * @param of bytes of the heap, or of what it grew by; and how many snapshots were compared, if any
 */
export function suspectOf(
  heap: Heap,
  { accumulation, bytes }: Found,
  of: { total: number; compared?: number },
): Suspect {
  const { point, retainer, path, container, functions } = accumulation;
  const grew = of.compared !== undefined;
  const members = point.composition.map(({ className }) => className);
  const isUnowned = isWithoutOwner(heap, accumulation);
  const type = typeOf(heap, accumulation);
  const kind = kindOf({
    path: accumulation.fullPath,
    type,
    members,
    container: type === 'string' ? 'listed' : accessOf(container),
  });
  const entries = container?.entries ?? point.composition[0]?.count ?? null;
  const sampleKeys = container === null ? [] : keysOf(heap, container.node, KEYS_SHOWN);
  const share = Math.min(1, bytes / of.total);
  const contents = contentsText(heap, point);
  const boundSign = boundSignOf(heap, accumulation);
  return suspectFrom({
    kind,
    ...namesOf(heap, accumulation, kind, type, entries),
    type,
    entries,
    entriesPerWork: null,
    // Where several owners share the records, the retained size of one of them does not include the records.
    retainedBytes:
      !grew || isUnowned
        ? bytes
        : Math.max(bytes, heap.retainedBytesOf(retainer), container === null ? point.firstClassBytes : 0),
    bytesPerWork: null,
    growthShare: grew ? share : null,
    ...(grew ? { gainedBytes: bytes } : { heapShare: share }),
    ...(contents.length > 0 && { contents }),
    ...(boundSign !== null && { boundSign }),
    allocatedAt: functions.slice(0, PLACES_SHOWN),
    bound: null,
    ...(sampleKeys.length > 0 && { sampleKeys }),
    slices: members[0] === '(sliced string)',
    ...(of.compared !== undefined && { compared: of.compared }),
    handles: isUnowned && functions.length === 0,
    ofNode: path.origin === 'module' && isOfNode(accumulation) && functions.length === 0,
  });
}

/** Whether the entries of a container have keys; null for no container. */
function accessOf(container: Accumulation['container']): 'keyed' | 'listed' | null {
  if (container === null) return null;
  return container.kind === 'Array' || container.kind === 'Set' ? 'listed' : 'keyed';
}
