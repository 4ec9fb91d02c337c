import { affordableHeapBytes, type CostLimit } from '../../process/cost-limit.js';
import { liveBytes } from '../../process/sample.js';
import type { Measured } from '../model/context.js';

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
/** The share of the room below its heap limit that load may fill: the target has to survive its own users as well. */
const ROOM_SHARE = 0.5;
/** A round shows nothing beside the noise of a collection if it gains less. */
const LEAST_GAIN_BYTES = 300_000;
/** Rounds grow from a few requests to many: the first may show that each keeps a megabyte. */
const FIRST_ROUND = 20;
const LARGER_BY = 4;
/** So many of the latest rounds tell the rate: the warm-up of the first is not taken for growth. */
const LATEST = 3;

/**
 * Plans the next round by the growth of the latest ones. Neither may the target come near its heap limit, nor may its
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
  const room = mayReachBytes(first) - last.heapUsedBytes;
  const byLimit = unitsFor(room / rounds, Math.max(...rates));
  const affordable = SNAPSHOT_SHARE * affordableHeapBytes(limit);
  const bySnapshot =
    first.heapUsedBytes < affordable
      ? unitsFor((affordable - last.heapUsedBytes) / rounds, Math.min(...rates))
      : Number.POSITIVE_INFINITY;
  const byGrowth = Math.min(byLimit, bySnapshot);
  return { most: Math.max(1, Math.min(slowStart, byGrowth)), isSmall: byGrowth < slowStart };
}

/** The heap that load may bring a target to. @param first its first sample */
export function mayReachBytes({ heapUsedBytes, heapLimitBytes }: HeapSize): number {
  return heapUsedBytes + ROOM_SHARE * (heapLimitBytes - heapUsedBytes);
}

function unitsFor(bytes: number, bytesPerWork: number): number {
  if (bytesPerWork <= 0) return Number.POSITIVE_INFINITY;
  return Math.floor(Math.max(LEAST_GAIN_BYTES, bytes) / bytesPerWork);
}

/** Bytes for each unit of work, of the latest rounds. */
function ratesOf(samples: Measured['samples']): number[] {
  const latest = samples.slice(-LATEST - 1);
  return latest.slice(1).map((sample, at) => {
    const before = latest[at] ?? sample;
    return (liveBytes(sample) - liveBytes(before)) / Math.max(1, sample.work - before.work);
  });
}
