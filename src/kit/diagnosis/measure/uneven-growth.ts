import { liveBytes } from '../../process/sample.js';
import { FEWEST_READINGS, SERVICE_DRIFT_BYTES } from '../../verdict/index.js';
import type { Measured } from '../model/context.js';

/** What falls by more than this share of the growth is emptied from time to time. */
const MOST_FALLEN = 0.1;
/** A third that grows by less than this share of the average has slowed down. */
const LEAST_OF_AVERAGE = 0.5;
/** Two more than a verdict needs: the first fifth is the warm-up's. */
const FEWEST_SAMPLES = FEWEST_READINGS + 2;

/** A table that grows with the work doubled last in the second half of it; some readings before show from where. */
const HALF = 0.45;

/**
 * Growth in one step, in bytes for each unit of work, of memory whose slope is bounded; null where it is less than the
 * smallest leak. The table of a Set or Map of numbers grows in nothing but steps, each as far from the start as all before
 * it together, and between two of them memory is flat. What happens once looks the same: only its containers can tell.
 */
export function steppedGrowth({ samples, verdict }: Pick<Measured, 'samples' | 'verdict'>): number | null {
  const { kind, reason } = verdict;
  if (kind !== 'bounded' || !('smallestLeakBytes' in reason) || samples.length < FEWEST_SAMPLES) return null;
  const middle = Math.floor(samples.length * HALF);
  const [from, to] = [typical(samples.slice(middle - 1, middle + 2)), typical(samples.slice(-3))];
  const gained = to.bytes - from.bytes;
  const rate = gained / Math.max(1, to.work - from.work);
  const lasts = largestFall(samples.slice(middle - 1)) < MOST_FALLEN * gained;
  return lasts && rate >= reason.smallestLeakBytes ? rate : null;
}

/** The median of three readings: a single one that is high or low does not count. */
function typical(samples: Measured['samples']): { work: number; bytes: number } {
  const bytes = samples.map((sample) => liveBytes(sample)).toSorted((a, b) => a - b);
  return { work: samples[1]?.work ?? 0, bytes: bytes[1] ?? 0 };
}

/**
 * Growth that goes on but not evenly, in bytes for each unit of work; null where memory falls or growth slows down.
 * The tables of Maps double when they are full, which the statistics of a slope take for steps.
 */
export function unevenGrowth({ samples, verdict }: Pick<Measured, 'samples' | 'verdict'>): number | null {
  if (verdict.kind !== 'unsettled' || samples.length < FEWEST_SAMPLES) return null;
  const points = samples
    .slice(Math.floor(samples.length / 5))
    .map((sample) => ({ work: sample.work, bytes: liveBytes(sample) }));
  const rate = (from: number, to: number): number => {
    const [a, b] = [points.at(from), points.at(to)];
    return a && b ? (b.bytes - a.bytes) / (b.work - a.work) : 0;
  };
  const last = points.length - 1;
  const fallen = largestFall(samples.slice(Math.floor(samples.length / 5)));
  const gained = (points.at(-1)?.bytes ?? 0) - (points[0]?.bytes ?? 0);
  const average = rate(0, last);
  const slowest = Math.min(rate(0, Math.floor(last / 3)), rate(Math.ceil((2 * last) / 3), last));
  const lasts =
    gained > SERVICE_DRIFT_BYTES && fallen < MOST_FALLEN * gained && slowest > LEAST_OF_AVERAGE * average;
  return lasts ? average : null;
}

/** The largest fall of live bytes below an earlier level. */
function largestFall(samples: Measured['samples']): number {
  let highest = -Infinity;
  let fallen = 0;
  for (const sample of samples) {
    const bytes = liveBytes(sample);
    highest = Math.max(highest, bytes);
    fallen = Math.max(fallen, highest - bytes);
  }
  return fallen;
}
