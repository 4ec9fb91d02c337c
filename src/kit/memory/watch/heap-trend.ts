import { FEWEST_READINGS, judgeByWork, type Reading, type Verdict } from '../../verdict/index.js';
import { medianInPlace, theilSen } from '../../verdict/theil-sen.js';
import { Ring } from './ring.js';

/** One reading after a major collection. */
export interface PostGcReading {
  /** Seconds since the start of the process. */
  second: number;
  /** Requests answered since the start. */
  requests: number;
  /** The post-GC heap. */
  heapBytes: number;
  /** Memory outside the heap that its objects own. */
  externalBytes: number;
  /** Whether a container fills up to a bound that it declares. */
  filling: boolean;
}

export interface HeapTrend {
  verdict: Verdict;
  /** The unit of work of the verdict's growth rate. */
  unit: 'request' | 'second';
  /**
   * Growth of the post-GC heap, by the Theil–Sen slope; null if there are too few readings. Where growth is judged per
   * request, it is the growth at the usual rate of requests: hours without traffic do not dilute it.
   */
  bytesPerSecond: number | null;
  /** Time to the heap limit at this rate; null unless the verdict is "leak". */
  secondsToLimit: number | null;
}

/** Readings that are stored. Judging so many takes about 1 ms, and older ones no longer describe the process. */
const MAX_READINGS = 60;
/** Near its limit V8 collects about ten times per second. Without a minimum, such readings would replace all others. */
const MIN_SECONDS_APART = 1;
/** Growth that needs longer than this to reach the limit is ignored, because services are restarted more often. */
const HORIZON_SECONDS = 30 * 24 * 3600;

/**
 * Judges the post-GC heap of a running process. A busy process is collected every few seconds, an idle one hardly ever;
 * then there are no readings and no verdict.
 */
export class HeapTrendWatch {
  private readings = new Ring<PostGcReading>(MAX_READINGS);
  private judged: HeapTrend | undefined;

  /** @returns whether the reading was stored; it is dropped if it follows the last one within a second. */
  add(reading: PostGcReading): boolean {
    const { last } = this.readings;
    if (last && reading.second - last.second < MIN_SECONDS_APART) return false;
    // The request counter was restarted: the old readings cannot be compared.
    if (last && reading.requests < last.requests) this.readings = new Ring(MAX_READINGS);
    this.readings.push(reading);
    this.judged = undefined;
    return true;
  }

  /** @param heapLimitBytes the limit of the old generation */
  trend(heapLimitBytes: number): HeapTrend {
    return (this.judged ??= trendOf(this.readings.values(), heapLimitBytes));
  }
}

export function trendOf(all: readonly PostGcReading[], heapLimitBytes: number): HeapTrend {
  const answered = lastPerRequestCount(all);
  const unit = answered.length > all.length / 2 ? 'request' : 'second';
  const work = unit === 'request' ? answered : all;
  const readings = work.map(({ second, requests, heapBytes, externalBytes, filling }): Reading => ({
    work: unit === 'request' ? requests : second,
    bytes: heapBytes + externalBytes,
    filling,
  }));
  const freeBytes = heapLimitBytes - (all.at(-1)?.heapBytes ?? 0);
  const finestPerSecond = Math.max(freeBytes / HORIZON_SECONDS, 1);
  const verdict = judgeByWork(readings, unit === 'request' ? {} : { unit, finestBytes: finestPerSecond });
  const settled = work.slice(work.findLastIndex(({ filling }) => filling) + 1);
  const bytesPerSecond =
    settled.length < FEWEST_READINGS ? null : bytesPerSecondOf(settled.slice(-FEWEST_READINGS * 2), unit);
  return {
    verdict,
    unit,
    bytesPerSecond,
    secondsToLimit:
      verdict.kind === 'leak' && bytesPerSecond && bytesPerSecond > 0
        ? Math.max(0, freeBytes) / bytesPerSecond
        : null,
  };
}

/**
 * The last reading at each number of requests. If there is traffic, growth is measured per request, because traffic
 * varies with the time of day and growth follows it. Several readings of one idle period would make a leak look like a
 * cache that fills.
 */
export function lastPerRequestCount<R extends { requests: number }>(all: readonly R[]): readonly R[] {
  return all.filter(({ requests }, index) => requests !== all[index + 1]?.requests);
}

function bytesPerSecondOf(readings: readonly PostGcReading[], unit: HeapTrend['unit']): number {
  if (unit === 'second') return slopeOf(readings, 'second');
  const paces = readings.slice(1).map(({ second, requests }, index) => {
    const before = readings[index]!;
    return (requests - before.requests) / (second - before.second);
  });
  return slopeOf(readings, 'requests') * medianInPlace(Float64Array.from(paces));
}

function slopeOf(readings: readonly PostGcReading[], by: 'second' | 'requests'): number {
  const xs = Float64Array.from(readings, (reading) => reading[by]);
  return theilSen(
    xs,
    Float64Array.from(readings, ({ heapBytes }) => heapBytes),
  ).slope;
}
