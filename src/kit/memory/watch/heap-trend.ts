import {
  FEWEST_READINGS,
  judge,
  judgeByWork,
  type Reading,
  SERVICE_DRIFT_BYTES,
  type Verdict,
} from '../../verdict/index.js';
import { theilSen } from '../../verdict/theil-sen.js';
import { Ring } from './ring.js';

/** What was left after one major collection. */
export interface AfterGc {
  /** Since the process started. */
  second: number;
  /** Requests answered by then. */
  requests: number;
  /** What the program keeps on the heap. */
  heapBytes: number;
  /** What its objects own outside the heap. */
  externalBytes: number;
  /** Whether a container is on its way to a bound that it declares. */
  filling: boolean;
}

export interface HeapTrend {
  verdict: Verdict;
  /** What the verdict's rate is counted in. */
  unit: 'request' | 'second';
  /** Growth of the heap after collections, by Theil and Sen; null while there are too few to tell. */
  bytesPerSecond: number | null;
  /** Until the heap limit, at this rate; null unless it grows for certain. */
  secondsToLimit: number | null;
}

/** A curve of this many readings is judged in a millisecond, and its beginning is old enough to be forgotten. */
const KEPT_READINGS = 60;
/** Near its limit V8 collects ten times a second: so many readings would say nothing of what came before. */
const LEAST_SECONDS_APART = 1;
/** Growth that takes longer than this to reach the limit is no news: services are restarted more often. */
const HORIZON_SECONDS = 30 * 24 * 3600;

/**
 * What is left after major collections, judged: the honest curve of a live process. In a busy one they come every few
 * seconds, in an idle one hardly ever; then nothing is judged, and nothing grows.
 */
export class HeapTrendWatch {
  private readings = new Ring<AfterGc>(KEPT_READINGS);
  private judged: HeapTrend | undefined;

  /** @returns whether it was taken: readings that follow too soon say nothing new. */
  add(reading: AfterGc): boolean {
    const { last } = this.readings;
    if (last && reading.second - last.second < LEAST_SECONDS_APART) return false;
    // Whoever counts them was started anew.
    if (last && reading.requests < last.requests) this.readings = new Ring(KEPT_READINGS);
    this.readings.push(reading);
    this.judged = undefined;
    return true;
  }

  get last(): AfterGc | undefined {
    return this.readings.last;
  }

  /** @param heapLimitBytes where V8 gives up */
  trend(heapLimitBytes: number): HeapTrend {
    return (this.judged ??= trendOf(this.readings.values(), heapLimitBytes));
  }
}

export function trendOf(all: readonly AfterGc[], heapLimitBytes: number): HeapTrend {
  const answered = afterRequests(all);
  const unit = answered.length > all.length / 2 ? 'request' : 'second';
  const readings = (unit === 'request' ? answered : all).map(
    ({ second, requests, heapBytes, externalBytes, filling }): Reading => ({
      work: unit === 'request' ? requests : second,
      bytes: heapBytes + externalBytes,
      filling,
    }),
  );
  const left = heapLimitBytes - (all.at(-1)?.heapBytes ?? 0);
  const verdict =
    unit === 'request'
      ? judgeByWork(readings)
      : judge(readings, { unit, smallestLeakBytes: smallestPerSecond(all, left) });
  const settled = all.slice(all.findLastIndex(({ filling }) => filling) + 1);
  const bytesPerSecond =
    settled.length < FEWEST_READINGS ? null : slopeOf(settled.slice(-FEWEST_READINGS * 2));
  return {
    verdict,
    unit,
    bytesPerSecond,
    secondsToLimit:
      verdict.kind === 'leak' && bytesPerSecond && bytesPerSecond > 0
        ? Math.max(0, left) / bytesPerSecond
        : null,
  };
}

/**
 * Requests are the better ruler where there are any: they come and go with the hour, and growth with them. A pause
 * is one reading, its last: the others would make a leak look like a cache that fills.
 */
function afterRequests(all: readonly AfterGc[]): readonly AfterGc[] {
  return all.filter(({ requests }, index) => requests !== all[index + 1]?.requests);
}

function smallestPerSecond(all: readonly AfterGc[], left: number): number {
  const seconds = (all.at(-1)?.second ?? 0) - (all[0]?.second ?? 0);
  return Math.max(left / HORIZON_SECONDS, SERVICE_DRIFT_BYTES / Math.max(seconds, 1), 1);
}

function slopeOf(readings: readonly AfterGc[]): number {
  const xs = Float64Array.from(readings, ({ second }) => second);
  return theilSen(
    xs,
    Float64Array.from(readings, ({ heapBytes }) => heapBytes),
  ).slope;
}
