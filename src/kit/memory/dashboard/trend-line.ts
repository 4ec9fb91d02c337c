import { medianInPlace, theilSen } from '../../verdict/theil-sen.js';
import type { HeapTrend } from '../watch/heap-trend.js';
import type { HistoryPoint } from '../watch/monitor-sample.js';

/** A straight piece of the trend of the post-GC heap. Times are milliseconds since 1970. */
export interface TrendPiece {
  from: number;
  to: number;
  fromBytes: number;
  toBytes: number;
}

type Point = Pick<HistoryPoint, 'time' | 'heapAfterGcBytes' | 'requestsPerSecond'>;

/** As many post-GC readings as the line is drawn through. */
const READINGS = 20;
/** A pause is so much longer than what usually lies between two points with traffic … */
const TIMES_THE_USUAL = 10;
/** … and so large a share of the line that it can be seen. */
const VISIBLE_SHARE = 0.02;

/**
 * The trend of the post-GC heap, in one piece for each stretch with samples, and with traffic where growth is judged per
 * request. Growth follows work, so the pieces have one slope, and each begins at the level where the one before ended.
 *
 * @param points of this process, oldest first
 * @returns no pieces while there are too few readings for a rate
 */
export function trendLine(
  points: readonly Point[],
  { unit, bytesPerSecond }: Pick<HeapTrend, 'unit' | 'bytesPerSecond'>,
): TrendPiece[] {
  const judged = points.filter(({ heapAfterGcBytes }) => heapAfterGcBytes !== null).slice(-READINGS);
  const [first] = judged;
  if (bytesPerSecond === null || !first) return [];
  const stretches = stretchesOf(points, first.time, unit);
  const workAt = workOf(stretches);
  const works = Float64Array.from(judged, ({ time }) => workAt(time));
  const line = lineThrough(
    works,
    Float64Array.from(judged, ({ heapAfterGcBytes }) => heapAfterGcBytes ?? 0),
  );
  if (!line) return [];
  const at = (time: number): number => Math.max(0, line.level + line.slope * workAt(time));
  return stretches.map(({ from, to }) => ({ from, to, fromBytes: at(from), toBytes: at(to) }));
}

interface Stretch {
  from: number;
  to: number;
}

/** The stretches of work since a time. A pause without traffic, or without samples, lies between two of them. */
function stretchesOf(points: readonly Point[], since: number, unit: HeapTrend['unit']): Stretch[] {
  const times = points
    .filter(({ time, requestsPerSecond }) => time >= since && (unit === 'second' || requestsPerSecond > 0))
    .map(({ time }) => time);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  if (gaps.length === 0) return [];
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const longest = Math.max(TIMES_THE_USUAL * medianInPlace(Float64Array.from(gaps)), VISIBLE_SHARE * span);
  const stretches: Stretch[] = [];
  for (const time of times) {
    const last = stretches.at(-1);
    if (last && time - last.to <= longest) last.to = time;
    else stretches.push({ from: time, to: time });
  }
  return stretches.filter(({ from, to }) => to > from);
}

/** Milliseconds of work up to a time: a clock that stands still in pauses. */
function workOf(stretches: readonly Stretch[]): (time: number) => number {
  return (time) =>
    stretches.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(time, to) - Math.min(from, time)), 0);
}

/** The line through readings: of several at the same work, the last, because Theil–Sen needs them apart. */
function lineThrough(works: Float64Array, bytes: Float64Array): { slope: number; level: number } | undefined {
  const apart = Array.from(works.keys()).filter((index) => works[index] !== works[index + 1]);
  if (apart.length < 2) return undefined;
  const xs = Float64Array.from(apart, (index) => works[index] ?? 0);
  const ys = Float64Array.from(apart, (index) => bytes[index] ?? 0);
  const { slope } = theilSen(xs, ys);
  return { slope, level: medianInPlace(ys.map((y, index) => y - slope * (xs[index] ?? 0))) };
}
