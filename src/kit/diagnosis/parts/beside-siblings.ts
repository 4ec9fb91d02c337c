import { liveBytes } from '../../process/sample.js';
import { judgeByWork, TEST_DRIFT_BYTES, type Verdict } from '../../verdict/index.js';
import type { Reason } from '../model/notes.js';
import type { PartMeasured } from './attributed.js';
import { kinOf } from './leaking.js';

/** A worker thread that was measured, and how long it was busy meanwhile. */
export interface BusyPart extends PartMeasured {
  did: { busyMs: number };
}

/** For each request that it works on itself, as for a whole service. */
const FINEST_BYTES = 2;
/** What the others can add to: flat so far as it shows, or too little to tell. Not growth that slows down or comes back. */
const OPEN = new Set<Reason['code']>(['flat', 'flat-after-step', 'interval-too-wide', 'too-little-work']);
/** Fewer do not show how far apart threads of the same script are that do not leak. */
const FEWEST_SIBLINGS = 8;
/** A thread that does more than its share of the work warms up further than the others. */
const MOST_OF_SHARE = 2;
/** Of the distances from the median: a quarter of the threads may leak as well. */
const QUARTILE = 0.75;
/** How much further than most a thread has to be. */
const TIMES_SPREAD = 4;
/** What the thread gained itself, of what it gained over the others: else the others lost it. */
const LEAST_OF_OWN = 0.5;

/**
 * The verdict of a worker thread beside those that run the same; null where that says nothing more.
 *
 * Alone, it may gain as much as a whole service does while it warms up (`SERVICE_DRIFT_BYTES`). Of thirty threads that
 * share the requests each gets one in thirty, so that a leak of 690 bytes for each of its own stayed below that in 17,000
 * requests. But those threads warm up alike: 30 of one script gained 473 to 476 kB each. What one gains over the median
 * of the others is therefore judged, by the drift of a function and by how far apart the others are.
 */
export function besideSiblings<One extends BusyPart>(all: readonly One[], one: One): Verdict | null {
  if (one.part.member.role !== 'worker thread' || !OPEN.has(one.measured.verdict.reason.code)) return null;
  const { samples } = one.measured;
  const siblings = all.filter((other) => isSibling(other, one));
  if (siblings.length < FEWEST_SIBLINGS) return null;
  if (one.did.busyMs > MOST_OF_SHARE * median(siblings.map(({ did }) => did.busyMs))) return null;
  const usual = samples.map((_, at) => median(siblings.map((other) => bytesAt(other, at))));
  const half = samples.length >> 1;
  const gainOf = (bytes: (at: number) => number): number => bytes(samples.length - 1) - bytes(half);
  const beside = (other: One): number => gainOf((at) => bytesAt(other, at) - usual[at]!);
  const distances = siblings.map((other) => Math.abs(beside(other))).toSorted((a, b) => a - b);
  const spread = distances[Math.floor(QUARTILE * (distances.length - 1))] ?? 0;
  if (gainOf((at) => bytesAt(one, at)) < LEAST_OF_OWN * beside(one)) return null;
  const readings = samples.map(({ work }, at) => ({ work, bytes: bytesAt(one, at) - usual[at]! }));
  const verdict = judgeByWork(readings, {
    unit: one.measured.verdict.unit,
    driftBytes: Math.max(TEST_DRIFT_BYTES, TIMES_SPREAD * spread),
    // Of all requests, it gets its share.
    finestBytes: FINEST_BYTES / (siblings.length + 1),
  });
  return verdict.kind === 'leak' ? verdict : null;
}

function isSibling(other: BusyPart, one: BusyPart): boolean {
  return (
    other !== one &&
    other.part.member.pid === one.part.member.pid &&
    kinOf(other) === kinOf(one) &&
    other.measured.samples.length === one.measured.samples.length
  );
}

function bytesAt({ measured }: PartMeasured, at: number): number {
  const sample = measured.samples[at];
  return sample ? liveBytes(sample) : 0;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
