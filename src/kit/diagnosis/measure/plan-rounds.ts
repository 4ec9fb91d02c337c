import { affordableHeapBytes, type CostLimit } from '../../process/cost-limit.js';
import { liveBytes } from '../../process/sample.js';
import type { Measured } from '../model/context.js';
import { heapHeadroom, LEAST_GAIN, ROOM_SHARE, roomBelow, type Since, sinceFirst } from '../model/limits.js';

/** How much work a round may do, so that memory grows no further than the next stages can afford. */
export interface RoundPlan {
  /** Units of work; infinite where memory hardly grows. */
  most: number;
  /** Whether that is less than the target could do: a container that fills is then seen for a short while only. */
  isSmall: boolean;
}

type HeapSize = Pick<Measured['samples'][number], 'heapUsedBytes' | 'heapLimitBytes'>;

/** Rounds of the stages after the measurement: two walks, which may be repeated, two recounts, two snapshots. */
const ROUNDS_AFTER = 25;
/** Of the memory that a snapshot can still afford. The estimate of its cost is rough. */
const SNAPSHOT_SHARE = 0.9;
/** Rounds grow from a few requests to many: the first may show that each keeps a megabyte. */
const FIRST_ROUND = 20;
const LARGER_BY = 4;
/** So many of the latest rounds tell the rate: the warm-up of the first is not taken for growth. */
const LATEST = 3;

/**
 * Plans the next round by the growth of the latest ones. Neither may the target come near one of its limits, nor may its
 * heap grow beyond what a snapshot is allowed to cost, if a snapshot was affordable when the measurement began.
 *
 * @param roundsLeft of the measurement
 */
export function planRound(
  samples: Measured['samples'],
  roundsLeft: number,
  limit: Pick<CostLimit, 'maxPauseMs' | 'force'>,
): RoundPlan {
  const [first, last, before] = [samples[0], samples.at(-1), samples.at(-2)];
  if (!first || !last || !before) return { most: FIRST_ROUND, isSmall: false };
  const slowStart = Math.max(FIRST_ROUND, LARGER_BY * (last.work - before.work));
  const rates = ratesOf(samples);
  const rounds = Math.max(1, roundsLeft) + ROUNDS_AFTER;
  const room = roomBelow(heapHeadroom(first), heapHeadroom(last));
  const byLimit = unitsFor(room / rounds, Math.max(...rates));
  const affordable = SNAPSHOT_SHARE * affordableHeapBytes(limit);
  const bySnapshot =
    first.heapUsedBytes < affordable
      ? unitsFor((affordable - last.heapUsedBytes) / rounds, Math.min(...rates))
      : Number.POSITIVE_INFINITY;
  const byGrowth = Math.min(byLimit, bySnapshot);
  const most = Math.min(slowStart, byGrowth, byOtherLimits(samples, rounds));
  return { most: Math.max(1, most), isSmall: byGrowth < slowStart };
}

/** By all limits but that of the heap, whose growth is known best after a collection. */
function byOtherLimits(samples: Measured['samples'], rounds: number): number {
  const [first, last] = [samples[0]?.limits ?? [], samples.at(-1)?.limits ?? []];
  const others = sinceFirst(first, last).filter(({ now }) => now.code !== 'heap');
  return Math.min(...others.map((one) => unitsBelow(one, samples, rounds)));
}

function unitsBelow({ first, now }: Since, samples: Measured['samples'], rounds: number): number {
  const used = samples.map(({ limits }) => limits?.find(({ code }) => code === now.code)?.used ?? now.used);
  const rate = usualOf(latestRates(samples, (_, at) => used[at] ?? now.used));
  return unitsFor(roomBelow(first, now) / rounds, rate, LEAST_GAIN[now.code]);
}

/** The median, the lower of two: a pool that opens all of its connections in one round grows no further. */
function usualOf(rates: readonly number[]): number {
  return rates.toSorted((a, b) => a - b)[Math.floor((rates.length - 1) / 2)] ?? 0;
}

/** The heap that load may bring a target to. @param first its first sample */
export function mayReachBytes({ heapUsedBytes, heapLimitBytes }: HeapSize): number {
  return heapUsedBytes + ROOM_SHARE * (heapLimitBytes - heapUsedBytes);
}

function unitsFor(gain: number, perWork: number, least = LEAST_GAIN.heap): number {
  if (perWork <= 0) return Number.POSITIVE_INFINITY;
  return Math.floor(Math.max(least, gain) / perWork);
}

/** Bytes for each unit of work, of the latest rounds. */
function ratesOf(samples: Measured['samples']): number[] {
  return latestRates(samples, (sample) => liveBytes(sample));
}

/** What one unit of work takes, of each of the latest rounds. */
function latestRates(
  samples: Measured['samples'],
  of: (sample: Measured['samples'][number], at: number) => number,
): number[] {
  const from = Math.max(1, samples.length - LATEST);
  return samples.slice(from).map((sample, at) => {
    const [index, before] = [from + at, samples[from + at - 1] ?? sample];
    return (of(sample, index) - of(before, index - 1)) / Math.max(1, sample.work - before.work);
  });
}
